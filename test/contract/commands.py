"""Checks what the commands write and say of a model repository that TensorFlow serves.

Usage: commands.py DIRECTORY PHOTO...

The built program (dist/) exports the demo model with warm-up requests into DIRECTORY. TensorFlow
reads each request back and runs it; serving.py serves the repository, and `doctor` has to find it
well. Prints a line for each check, then `N passed, M failed`; the exit status is 1 when anything
failed.
"""

import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from tensorflow_serving.apis import prediction_log_pb2  # noqa: E402

MODEL = 'ssdlite_mobilenet_v2_coco'
WARM_UP = 'assets.extra/tf_serving_warmup_requests'


class Report:
    """Counts checks and prints each with what was found."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, name, ok, found=''):
        self.passed += bool(ok)
        self.failed += not ok
        print(f'{"ok    " if ok else "FAILED"} {name}{f": {found}" if found != "" else ""}', flush=True)


def command(*args):
    """Runs the program; its settings are those of nobody's environment."""
    kept = {name: value for name, value in os.environ.items() if name in ('PATH', 'HOME')}
    return subprocess.run(['node', 'dist/cli.js', *args], capture_output=True, text=True, env=kept)


def check_export(report, repository, version, *args):
    """Exports the demo, then has TensorFlow run the warm-up requests of that version."""
    done = command('export', 'demo', '--repository', str(repository), *args)
    name = ' '.join(['export demo', *(arg for arg in args if not arg.endswith('.jpg'))])
    if done.returncode != 0:
        return report.check(name, False, done.stderr)
    directory = repository / MODEL / str(version)
    signature = tf.saved_model.load(str(directory)).signatures['serving_default']
    records = [prediction_log_pb2.PredictionLog.FromString(record.numpy())
               for record in tf.data.TFRecordDataset(str(directory / WARM_UP))]
    scores = []
    for record in records:
        request = record.predict_log.request
        inputs = {alias: tf.constant(tf.make_ndarray(proto)) for alias, proto in request.inputs.items()}
        outputs = signature(**inputs)
        assert set(request.output_filter) <= set(outputs), request.output_filter
        scores.append(float(np.max(outputs['detection_scores'])))
    found = ', '.join(f'{score:.3f}' for score in scores)
    report.check(f'{name}: TensorFlow runs its warm-up', min(scores, default=0) > 0.5, f'best scores {found}')


@contextlib.contextmanager
def serving(repository):
    process = subprocess.Popen([sys.executable, 'test/contract/serving.py', str(repository)],
                               stdout=subprocess.PIPE, text=True)
    try:
        for line in process.stdout:
            if match := re.search(r'listening on (\S+)', line):
                yield match[1]
                return
        raise SystemExit('serving.py ended before it listened')
    finally:
        process.kill()
        process.wait()


def check_doctor(report, repository, photo):
    with serving(repository) as target:
        args = ['doctor', '--target', target, '--repository', str(repository), '--photo', photo]
        done = command(*args, '--json')
        diagnosis = json.loads(done.stdout)
        bad = [it['message'] for it in diagnosis['findings'] if it['level'] != 'ok']
        report.check('doctor finds all well', done.returncode == 0 and bad == [], '; '.join(bad))
        measured = diagnosis['measurements']
        report.check('doctor measures the newest version',
                     [it['version'] for it in measured] == ['2'], json.dumps(measured))
        done = command(*args, '--model', 'nope')
        report.check('doctor misses a model that is not served',
                     done.returncode == 1 and 'does not serve' in done.stdout)


def main(directory, *photos):
    report = Report()
    repository = pathlib.Path(directory) / 'models'
    check_export(report, repository, 1, '--warmup', *photos)
    check_export(report, repository, 2, '--input', 'encoded', '--variables', '--warmup', *photos)
    check_doctor(report, repository, photos[0])
    print(f'{report.passed} passed, {report.failed} failed')
    return report.failed > 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
