"""Exports training checkpoints and compares what comes out with the official exporter's way, run by TensorFlow.

Usage: training.py DIRECTORY PHOTO...

training_graphs.py makes training checkpoints of SSDs with every construct that is known, and the same
networks for inference; training_rcnn.py those of Faster R-CNN. TRAINING_SAMPLES names a folder with really trained sets: one folder each,
with checkpoint, `.meta` (or .meta.gz), pipeline.config, exported_saved_model.pb (or .gz) of the
official exporter, and input.png. Prints a line for each check, then `N passed, M failed`; the exit
status is 1 when anything failed.
"""

import gzip
import json
import os
import pathlib
import shutil
import sys
import time

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
# Reordered sums would differ between a graph with constants and one with variables.
os.environ.setdefault('TF_ENABLE_ONEDNN_OPTS', '0')

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
import training_graphs as graphs  # noqa: E402
import training_rcnn as rcnn  # noqa: E402
from c_api import Model  # noqa: E402
from export import Exporter, Report  # noqa: E402

tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)

TOLERANCE = 1e-5
HEAP_MEBIBYTES = 64
PEAK_MEBIBYTES = 300
RAW = ('raw_detection_boxes', 'raw_detection_scores')
ROWS = ('detection_boxes', 'detection_scores', 'detection_classes')


class Exported:
    """An exported version, loaded as TensorFlow Serving loads it."""

    def __init__(self, directory, written):
        signature = written['signature']
        self.input = written['input']['tensor']
        self.tensors = {output['name']: output['tensor'] for output in signature['outputs']}
        self.model = Model(directory)

    def run(self, value):
        names = list(self.tensors)
        answers = self.model.run({self.input: value}, [self.tensors[name] for name in names])
        return dict(zip(names, answers))

    def close(self):
        self.model.close()


def compare_raw(report, name, ours, theirs):
    """Raw boxes and scores of every anchor."""
    differences = [
        float(np.abs(a - b).max()) if a.shape == b.shape else float('inf') for a, b in zip(ours, theirs)]
    moves = min(float(np.std(it)) for it in theirs)
    report.check(f'{name}: every anchor', max(differences) <= TOLERANCE and moves > 1e-4,
                 'boxes {:.1e}, scores {:.1e}'.format(*differences))


def compare_rows(report, name, ours, theirs, raw_scores):
    """Rows after suppression: each is on both sides, but for scores that several anchors share to the last bit."""
    count = int(ours['num_detections'][0])
    mine = list(zip(*(ours[key][0][:count] for key in ROWS)))
    missing = unmatched(mine, list(zip(*theirs))) , unmatched(list(zip(*theirs)), mine)
    untied = [row for rows, raw in zip(missing, (ours[RAW[1]], raw_scores)) for row in rows
              if (raw[..., 1:] == row[1]).sum() < 2]
    found = f'{count} rows'
    if any(missing):
        found += f', of which {len(missing[0])} have tied scores and come in another order'
    report.check(f'{name}: rows', count > 0 and not untied, found)


def unmatched(rows, others):
    def matches(a, b):
        return (int(a[2]) == int(b[2]) and abs(a[1] - b[1]) < TOLERANCE
                and np.abs(a[0] - b[0]).max() < 1e-4)
    return [row for row in rows if not any(matches(row, other) for other in others)]


def check_forms(report, exporter, name, source, images, answer):
    """Constants, variables and encoded images of one source; `answer(images)` gives the raw tensors."""
    theirs = answer(images)
    for form, options in (('constants', {}), ('variables', {'variables': True})):
        directory, written = exporter.export(source, **options)
        model = Exported(directory, written)
        ours = model.run(images)
        compare_raw(report, f'{name}, {form}', [ours[key] for key in RAW], theirs)
        singles = [model.run(image[None]) for image in images]
        together = max(
            float(np.abs(ours[key] - np.concatenate([it[key] for it in singles])).max())
            for key in (*RAW, *ROWS))
        report.check(f'{name}, {form}: a batch of {len(images)} equals singles',
                     together <= TOLERANCE, f'{together:.1e}')
        model.close()
    directory, written = exporter.export(source, input='encoded')
    model = Exported(directory, written)
    files = [tf.io.encode_png(image).numpy() for image in images]
    ours = model.run(files)
    compare_raw(report, f'{name}, encoded', [ours[key] for key in RAW], theirs)
    other = np.ascontiguousarray(images[0][::-1, :-31])
    mixed = model.run([files[0], tf.io.encode_png(other).numpy()])
    second = answer(other[None])
    compare_raw(report, f'{name}, encoded, sizes mixed', [mixed[key] for key in RAW],
                [np.concatenate(pair) for pair in zip([it[:1] for it in theirs], second)])
    model.close()
    return written


def check_made(report, exporter, work, photos):
    for number, (name, spec) in enumerate(graphs.CASES.items()):
        folder = work / f'training_{number}'
        prefix = graphs.save_training(spec, folder)
        inference = graphs.Inference(spec, prefix)
        written = check_forms(report, exporter, name, folder, photos, inference.raw)
        report.check(f'{name}: classes and resizer are told',
                     written['classes'] == graphs.CLASSES
                     and written['resizer'] == {'kind': 'fixed', 'size': list(spec.size)})
        directory, written = exporter.export(folder)
        model = Exported(directory, written)
        for place, photo in enumerate(photos):
            ours = model.run(photo[None])
            compare_rows(report, f'{name}, photo {place}', ours, inference.rows(photo),
                         inference.raw(photo[None])[1])
            check_columns(report, f'{name}, photo {place}', ours)
        model.close()
        if spec.averages:
            check_switch(report, exporter, name, spec, folder, prefix, photos)
        inference.session.close()


def check_columns(report, name, ours):
    """detection_multiclass_scores of a row hold its score in the column of its class."""
    count = int(ours['num_detections'][0])
    columns = ours['detection_multiclass_scores'][0][:count]
    classes = ours['detection_classes'][0][:count].astype(int)
    own = columns[np.arange(count), classes]
    report.check(f'{name}: multiclass scores', np.array_equal(own, ours['detection_scores'][0][:count]))


def check_switch(report, exporter, name, spec, folder, prefix, photos):
    """--moving-averages overrules eval_config."""
    other = not spec.use_averages
    directory, written = exporter.export(folder, movingAverages=other)
    model = Exported(directory, written)
    inference = graphs.Inference(spec, prefix, averages=other)
    ours = model.run(photos)
    compare_raw(report, f'{name}, averages {"on" if other else "off"}',
                [ours[key] for key in RAW], inference.raw(photos))
    report.check(f'{name}: the log tells which', 'averages' in ' '.join(written.get('notes', [])))
    model.close()
    inference.session.close()


def check_trained(report, exporter, work, samples, photos):
    """Really trained sets against the SavedModel that the official exporter made of them."""
    for folder in sorted(it for it in samples.iterdir() if list(it.glob('exported_saved_model.pb*'))):
        copy = work / folder.name
        copy.mkdir()
        for file in folder.iterdir():
            unpacked = file.suffix == '.gz'
            target = copy / (file.stem if unpacked else file.name)
            with (gzip.open if unpacked else open)(file, 'rb') as source, open(target, 'wb') as out:
                shutil.copyfileobj(source, out)
        official = work / f'{folder.name}_official'
        (official / 'variables').mkdir(parents=True)
        (copy / 'exported_saved_model.pb').rename(official / 'saved_model.pb')
        check_trained_set(report, exporter, copy, official, photos)


def check_trained_set(report, exporter, folder, official, photos):
    loaded = tf.saved_model.load(str(official)).signatures['serving_default']
    run = lambda images: {key: it.numpy() for key, it in loaded(inputs=tf.constant(images)).items()}  # noqa: E731
    image = tf.io.decode_png((folder / 'input.png').read_bytes(), channels=3).numpy()
    if rcnn.is_rcnn(folder):
        pictures = [('input.png', image), *((f'photo {k}', it) for k, it in enumerate(photos))]
        rcnn.check_trained_set(report, exporter, Exported, folder, run, pictures)
        return
    raw = lambda images: [run(images)[key] for key in RAW]  # noqa: E731
    three = np.stack([image, image[:, ::-1], image[::-1]])
    check_forms(report, exporter, folder.name, folder, three, raw)
    directory, written = exporter.export(folder)
    model = Exported(directory, written)
    for name, picture in [('input.png', image), *[(f'photo {k}', it) for k, it in enumerate(photos)]]:
        ours, theirs = model.run(picture[None]), run(picture[None])
        compare_raw(report, f'{folder.name}, {name}', [ours[key] for key in RAW], [theirs[key] for key in RAW])
        rows = int(theirs['num_detections'][0])
        compare_rows(report, f'{folder.name}, {name}', ours,
                     [theirs[key][0][:rows] for key in ROWS], theirs[RAW[1]])
    check_golden(report, folder, model, image, exporter)
    model.close()


def check_golden(report, folder, model, image, exporter):
    """The answers that were written down when the set was made, rounded to six places."""
    golden = json.loads((folder / 'golden.json').read_text())['exports']
    for export, pictures in golden.items():
        directory, written = exporter.export(folder, movingAverages=export == 'moving_averages')
        other = Exported(directory, written)
        ours, kept = other.run(image[None]), pictures['input.png']
        differences = [
            float(np.abs(ours[key][0][kept['raw_at']] - np.array(kept[key])).max()) for key in RAW]
        report.check(f'{folder.name}, golden {export}', max(differences) < TOLERANCE,
                     'boxes {:.1e}, scores {:.1e}'.format(*differences))
        other.close()


def check_large(report, work):
    """A checkpoint of a gigabyte with a .meta of a quarter: how much memory and time an export takes."""
    folder = work / 'large'
    prefix = graphs.save_training(graphs.LARGE, folder)
    sizes = [os.path.getsize(f'{prefix}.{end}') for end in ('meta', 'data-00000-of-00001')]
    report.check('the large training is large', sizes[0] > 2e8 and sizes[1] > 1e9,
                 '.meta {:.2f} GB, checkpoint {:.2f} GB'.format(*(it / 1e9 for it in sizes)))
    for variables in (False, True):
        exporter = Exporter(work, [f'--max-old-space-size={HEAP_MEBIBYTES}'])
        start = time.monotonic()
        directory, _ = exporter.export(folder, variables=variables)
        seconds = time.monotonic() - start
        peak = exporter.close()
        report.check(f'large, {"variables" if variables else "constants"}: less than {PEAK_MEBIBYTES} MiB',
                     peak < PEAK_MEBIBYTES, f'{peak:.0f} MiB at most, {seconds:.1f} s')
        shutil.rmtree(directory)
    shutil.rmtree(folder)


def main(directory, *names):
    work = pathlib.Path(directory)
    report = Report()
    exporter = Exporter(work)
    photos = [tf.io.decode_jpeg(pathlib.Path(name).read_bytes(), channels=3) for name in names]
    # Three of one size, so that they fit in a batch.
    three = np.stack([
        tf.cast(tf.round(tf.image.resize(it, [150, 200])), tf.uint8).numpy() for it in photos[:3]])
    check_made(report, exporter, work, three)
    rcnn.check_made(report, exporter, Exported, work, three[0])
    samples = os.environ.get('TRAINING_SAMPLES')
    if samples:
        check_trained(report, exporter, work, pathlib.Path(samples), list(three))
    exporter.close()
    check_large(report, work)
    print(f'{report.passed} passed, {report.failed} failed')
    return 1 if report.failed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
