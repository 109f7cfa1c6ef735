"""Compares the gateway in front of TensorFlow with TensorFlow called directly.

Usage: gateway.py DIRECTORY PHOTO...

gateway.ts puts a model repository into DIRECTORY, conventions.py adds networks that answer as YOLO
does, serving.py serves it, the built gateway (dist/) is started in front and gets the photos over HTTP. Prints a line for each check with the largest
difference found, then `N passed, M failed`; the exit status is 1 when anything failed.
"""

import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from conventions import check_conventions, write_models  # noqa: E402

MODEL = 'ssdlite_mobilenet_v2_coco'
ENCODED_MODEL = 'ssdlite_encoded'
SIDE = 300
START_SECONDS = 60

MIN_SCORE = 0.05
MAX_DETECTIONS = 100
# Answers are rounded to six decimals.
TOLERANCE = 1e-5
EDGES = ('y_min', 'x_min', 'y_max', 'x_max')


class Report:
    """Counts checks and prints each with what was found."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, name, ok, found=''):
        self.passed += bool(ok)
        self.failed += not ok
        print(f'{"ok    " if ok else "FAILED"} {name}{f": {found}" if found != "" else ""}')

    def compare(self, name, detections, expected):
        """Compares an answer's detections with those of TensorFlow, best score first."""
        ids = [[it['class_id'] for it in side] for side in (detections, expected)]
        if ids[0] != ids[1]:
            return self.check(name, False, f'class ids {ids[0]} in place of {ids[1]}')
        numbers = [np.array([[it['score'], *it['box']] for it in side]).reshape(-1, 5)
                   for side in (detections, expected)]
        difference = np.abs(numbers[0] - numbers[1]).max(initial=0)
        found = f'{len(ids[0])} detections, difference {difference:.1e} of at most {TOLERANCE:.0e}'
        return self.check(name, len(ids[0]) > 0 and difference <= TOLERANCE, found)


def from_gateway(detections):
    """A gateway's detections in the order and units of the model."""
    return [{**it, 'box': [it['box_normalized'][edge] for edge in EDGES]} for it in detections]


def from_tensorflow(outputs):
    """The rows of the first image that the gateway is asked for."""
    boxes, scores, classes = (
        outputs[f'detection_{part}'].numpy()[0] for part in ('boxes', 'scores', 'classes'))
    return [
        {'class_id': int(number), 'score': float(score), 'box': box.astype(float).tolist()}
        for box, score, number in zip(boxes, scores, classes, strict=True) if score >= MIN_SCORE
    ]


class Answer:
    """A response of any status."""

    def __init__(self, url, body, headers):
        request = urllib.request.Request(url, body, headers)
        try:
            with urllib.request.urlopen(request, timeout=START_SECONDS) as response:
                self.status, self.headers, self.body = (
                    response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            self.status, self.headers, self.body = error.code, error.headers, error.read()

    def json(self):
        return json.loads(self.body)


class Gateway:
    def __init__(self, url):
        self.url = url

    def get(self, path):
        return Answer(self.url + path, None, {})

    def detect(self, content, query=''):
        path = f'/v1/detect?min_score={MIN_SCORE}&max_detections={MAX_DETECTIONS}{query}'
        return Answer(self.url + path, content, {'content-type': 'application/octet-stream'})

    def detect_batch(self, contents, query=''):
        mark = uuid.uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="image"; filename="{index}.jpg"\r\n'
            f'Content-Type: image/jpeg\r\n\r\n'.encode() + content + b'\r\n'
            for index, content in enumerate(contents)
        ]
        body = b''.join(parts) + f'--{mark}--\r\n'.encode()
        path = f'/v1/detect/batch?min_score={MIN_SCORE}&max_detections={MAX_DETECTIONS}{query}'
        headers = {'content-type': f'multipart/form-data; boundary={mark}'}
        return Answer(self.url + path, body, headers)


@contextlib.contextmanager
def started(command, pattern, environment=None):
    """Runs a server and gives what `pattern` finds in a line that it prints once it listens."""
    env = {**os.environ, **(environment or {})}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        try:
            for line in process.stdout:
                if found := re.search(pattern, line):
                    yield found[1]
                    break
            else:
                sys.exit(f'{command} ended before it listened')
        finally:
            process.terminate()


def wait(what, condition):
    end = time.monotonic() + START_SECONDS
    while not condition():
        if time.monotonic() > end:
            sys.exit(f'{what} did not come about within {START_SECONDS} s')
        time.sleep(0.2)


def check(report, directory, gateway, photos):
    wait('readiness', lambda: gateway.get('/readyz').status == 200)
    models = {
        name: tf.saved_model.load(str(directory / 'models' / name / '1'), tags=['serve'])
        for name in (MODEL, ENCODED_MODEL)
    }
    run = {name: model.signatures['serving_default'] for name, model in models.items()}
    contents = [pathlib.Path(photo).read_bytes() for photo in photos]
    names = [pathlib.Path(photo).name for photo in photos]
    expected = []
    for name, content in zip(names, contents, strict=True):
        pixels = np.fromfile(directory / 'pixels' / name, np.uint8).reshape(1, SIDE, SIDE, 3)
        expected.append(from_tensorflow(run[MODEL](input_tensor=tf.constant(pixels))))
        answer = gateway.detect(content).json()
        report.compare(f'{name} pixels', from_gateway(answer['detections']), expected[-1])
        report.check(f'{name} says which model', answer['model'] == {
            'name': MODEL, 'version': '1', 'signature': 'serving_default'})
        answer = gateway.detect(content, f'&model={ENCODED_MODEL}').json()
        encoded = from_tensorflow(run[ENCODED_MODEL](inputs=tf.constant([content])))
        report.compare(f'{name} encoded', from_gateway(answer['detections']), encoded)

    results = gateway.detect_batch(contents).json()['results']
    for name, result, rows in zip(names, results, expected, strict=True):
        report.compare(f'{name} in a batch', from_gateway(result['detections']), rows)

    picture = gateway.detect(contents[0], '&format=png')
    report.check('a picture is drawn', picture.body.startswith(b'\x89PNG'), picture.status)
    unknown = gateway.detect(contents[0], '&model=nope')
    report.check('an unknown model is not found', unknown.status == 404, unknown.json()['code'])
    labels = [it['label'] for it in gateway.detect(contents[0]).json()['detections']]
    report.check('detections have labels', labels[:1] == ['person'], labels[:1])
    check_conventions(report, gateway)
    check_next_version(report, directory, gateway, contents, names, expected)


def check_next_version(report, directory, gateway, contents, names, expected):
    """Adds a version while all run: it answers without a restart of anything."""
    (directory / 'next').rename(directory / 'models' / MODEL / '2')
    failures = []

    def is_new():
        answer = gateway.detect(contents[0])
        if answer.status != 200:
            failures.append(answer.body.decode())
        return answer.status == 200 and answer.json()['model']['version'] == '2'

    wait('version 2', is_new)
    report.check('no request fails while a version comes', not failures, failures)
    for name, content, rows in zip(names, contents, expected, strict=True):
        detections = gateway.detect(content).json()['detections']
        report.compare(f'{name} version 2', from_gateway(detections), rows)


def main(directory, *photos):
    report = Report()
    subprocess.run(
        ['node', '--import', 'tsx', 'test/contract/gateway.ts', directory, *photos], check=True)
    repository = f'{directory}/models'
    write_models(pathlib.Path(repository))
    serving = [sys.executable, 'test/contract/serving.py', repository]
    with started(serving, r'listening on (\S+)') as target:
        environment = {
            'TF_SERVING_TARGET': target,
            'MODEL_REPOSITORY': repository,
            'DEFAULT_MODEL': MODEL,
            'HOST': '127.0.0.1',
            'PORT': '0',
            'LOG_LEVEL': 'warn',
        }
        with started(['node', 'dist/server.js'], r'(http://[^\s/]+)', environment) as url:
            check(report, pathlib.Path(directory), Gateway(url), photos)
    print(f'{report.passed} passed, {report.failed} failed')
    return report.failed > 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
