"""Exports models made by TensorFlow and compares what comes out with what went in, run by TensorFlow.

Usage: export.py DIRECTORY PHOTO...

export.ts exports; every version is loaded by tf.saved_model.load and through the C API, as
TensorFlow Serving loads it, and answers for the photos. EXPORT_SAMPLES names a folder with further
models. Prints a line for each check with the largest difference found, then `N passed, M failed`;
the exit status is 1 when anything failed.
"""

import hashlib
import json
import os
import pathlib
import subprocess
import sys
import time

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
# Reordered sums would differ between a graph with constants and one with variables.
os.environ.setdefault('TF_ENABLE_ONEDNN_OPTS', '0')

import export_samples as samples  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from c_api import Model  # noqa: E402

v1 = tf.compat.v1
v1.logging.set_verbosity(v1.logging.ERROR)

NODE = ['node', '--import', 'tsx', 'test/contract/export.ts']
TOLERANCE = 1e-4

HUGE_TENSORS, HUGE_FLOATS = 64, 4 * 2**20
HEAP_MEBIBYTES = 64
PEAK_MEBIBYTES = 400


class Report:
    """Counts checks and prints each with what was found."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, name, ok, found=''):
        self.passed += bool(ok)
        self.failed += not ok
        print(f'{"ok    " if ok else "FAILED"} {name}{f": {found}" if found != "" else ""}', flush=True)

    def compare(self, name, ours, theirs):
        """Compares two answers, lists of arrays."""
        if [it.shape for it in ours] != [it.shape for it in theirs]:
            shapes = [[list(it.shape) for it in answer] for answer in (ours, theirs)]
            return self.check(name, False, f'shapes {shapes[0]} in place of {shapes[1]}')
        difference = max(np.abs(a.astype(float) - b).max(initial=0) for a, b in zip(ours, theirs))
        return self.check(name, difference <= TOLERANCE, f'difference {difference:.1e}')


class Exporter:
    """Asks export.ts."""

    def __init__(self, work, options=()):
        self.work = work
        self.count = 0
        command = [NODE[0], *options, *NODE[1:]]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding='utf-8')

    def ask(self, op, path='', directory='', **options):
        question = {'op': op, 'path': str(path), 'directory': str(directory), 'options': options}
        self.process.stdin.write(json.dumps(question) + '\n')
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f'export.ts ended at {op} {path}')
        return json.loads(line)

    def export(self, path, op='export', **options):
        """Exports into a directory of its own; gives it and what export.ts told of it."""
        self.count += 1
        directory = self.work / f'version_{self.count}'
        answer = self.ask(op, path, directory, **options)
        if 'error' in answer:
            raise RuntimeError(answer['error'])
        return directory, answer['result']

    def refusal(self, path, **options):
        return self.ask('export', path, self.work / 'refused', **options).get('error', '')

    def close(self):
        """Ends export.ts and gives the most memory it had, in MiB."""
        peak = self.ask('memory')['result']
        self.process.stdin.close()
        self.process.wait()
        return peak / 2**20


def original_answer(graph_def, feeds, fetches):
    """Runs a frozen graph."""
    graph = tf.Graph()
    with graph.as_default():
        tf.graph_util.import_graph_def(graph_def, name='')
    with v1.Session(graph=graph) as session:
        return session.run(fetches, feeds)


def frozen_graph(path):
    return v1.GraphDef.FromString(path.read_bytes())


def checkpoint_answer(prefix, feeds, fetches):
    """Runs a checkpoint the way its owner would: import_meta_graph and restore."""
    graph = tf.Graph()
    with graph.as_default(), v1.Session(graph=graph, config=two_devices()) as session:
        v1.train.import_meta_graph(f'{prefix}.meta', clear_devices=True).restore(session, str(prefix))
        return session.run(fetches, feeds)


def two_devices():
    return v1.ConfigProto(device_count={'CPU': 2}, allow_soft_placement=True)


def saved_model_answer(directory, image):
    """Runs a SavedModel through Session, as TensorFlow 1 did."""
    with tf.Graph().as_default() as graph, v1.Session(graph=graph) as session:
        meta_graph = v1.saved_model.load(session, ['serve'], str(directory))
        signature = meta_graph.signature_def['serving_default']
        [feed] = signature.inputs.values()
        fetches = [signature.outputs[name].name for name in samples.OUTPUTS]
        return session.run(fetches, {feed.name: image})


def run_both(directory, written, value):
    """Answers of an exported version through Python and through the C API."""
    signature = written['signature']
    tensors = {output['name']: output['tensor'] for output in signature['outputs']}
    model = tf.saved_model.load(str(directory), tags=['serve'])
    function = model.signatures[signature['name']]
    answer = function(**{written['input']['name']: tf.constant(value)})
    python = [answer[name].numpy() for name in samples.OUTPUTS]
    session = Model(directory)
    native = session.run({written['input']['tensor']: value},
                         [tensors[name] for name in samples.OUTPUTS])
    session.close()
    return python, native


class Checks:
    """The checks that every kind of source shares."""

    def __init__(self, report, exporter, photos):
        self.report = report
        self.exporter = exporter
        self.photos = photos

    def pixels(self, name, path, original, **options):
        """Exports and compares with `original(pixels)` on every photo."""
        directory, written = self.exporter.export(path, **options)
        for photo, content in self.photos.items():
            image = fitted(content, written['input']['shape'])
            theirs = original(image)
            for loader, ours in zip(('Python', 'C API'), run_both(directory, written, image)):
                self.report.compare(f'{name}, {photo}, {loader}', ours, theirs)
        return directory, written

    def encoded(self, name, path, original, size=None, **options):
        """Exports with a decoder and compares with `original` on the same pixels, JPEG and PNG, and a batch."""
        directory, written = self.exporter.export(path, input='encoded', **options)
        self.report.check(f'{name} takes strings', written['input']['dtype'] == 'DT_STRING')
        for photo, content in self.photos.items():
            image = tf.io.decode_jpeg(content, channels=3)
            pixels = image if size is None else tf.cast(
                tf.round(v1.image.resize_bilinear(image[None], size))[0], tf.uint8)
            theirs = original(pixels.numpy()[None])
            for form, value in (('JPEG', content), ('PNG', tf.io.encode_png(image).numpy())):
                for loader, ours in zip(('Python', 'C API'), run_both(directory, written, [value])):
                    self.report.compare(f'{name}, {photo} as {form}, {loader}', ours, theirs)
        if written['input']['shape'] == [-1]:
            self.batch(name, directory, written, original)
        return directory, written

    def batch(self, name, directory, written, original):
        content = next(iter(self.photos.values()))
        image = tf.io.decode_jpeg(content, channels=3)
        mirrored = tf.image.flip_left_right(image)
        theirs = original(np.stack([image, mirrored]))
        files = [tf.io.encode_png(it).numpy() for it in (image, mirrored)]
        _, ours = run_both(directory, written, files)
        self.report.compare(f'{name}, two photos at once', ours, theirs)

    def refused(self, name, path, *words, **options):
        message = self.exporter.refusal(path, **options)
        self.report.check(f'{name} is refused', all(word in message for word in words), message)

    def told(self, name, written, **facts):
        """Compares what an export tells of a model."""
        found = {key: written.get(key) for key in facts}
        self.report.check(f'{name} is told', found == facts, found)


def fitted(content, shape):
    """The pixels of a photo as an input takes them."""
    image = tf.io.decode_jpeg(content, channels=3)[None]
    if shape and len(shape) == 4 and min(shape[1:3]) > 0:
        image = tf.cast(tf.round(v1.image.resize_bilinear(image, shape[1:3])), tf.uint8)
    return image.numpy()


FETCHES = [f'{name}:0' for name in samples.OUTPUTS]


def frozen_original(path):
    graph = frozen_graph(path)
    feed = next(node.name for node in graph.node if node.op == 'Placeholder')
    return lambda image: original_answer(graph, {f'{feed}:0': image}, FETCHES)


def checkpoint_original(prefix):
    return lambda image: checkpoint_answer(prefix, {'image_tensor:0': image}, FETCHES)


def check_frozen(checks, work):
    fixed = {'kind': 'fixed', 'size': [32, 48]}
    path = samples.Model().freeze(work / 'frozen_inference_graph.pb')
    original = frozen_original(path)
    _, written = checks.pixels('frozen', path, original)
    checks.told('frozen', written, resizer=fixed, classes=samples.CLASSES, variables=0)
    directory, written = checks.pixels('frozen, variables', path, original, variables=True)
    checks.told('frozen, variables', written, resizer=fixed, variables=8)
    check_bundle(checks, 'frozen, variables', directory, path)
    checks.encoded('frozen, encoded', path, original)
    checks.encoded('frozen, encoded, variables', path, original, variables=True)
    check_equal_bytes(checks, path)

    path = samples.Model(variables=samples.resource).freeze(work / 'frozen_resource_variables.pb')
    _, written = checks.pixels('frozen from resource variables, variables', path,
                               frozen_original(path), variables=True)
    checks.told('frozen from resource variables, variables', written, variables=8)

    path = samples.Model(resizer=samples.keep_aspect_resizer).freeze(work / 'keep_aspect.pb')
    _, written = checks.pixels('keep aspect', path, frozen_original(path))
    checks.told('keep aspect', written,
                resizer={'kind': 'keep-aspect', 'minSide': 40, 'maxSide': 64})

    path = samples.Model(image_shape=(1, 64, 80, 3), resizer=None).freeze(work / 'fixed_shape.pb')
    original = frozen_original(path)
    checks.pixels('fixed shape', path, original)
    checks.encoded('fixed shape, encoded', path, original, size=[64, 80], variables=True)


def check_demo(checks, work):
    """The demo model as a frozen graph, without the names that freezing leaves of variables."""
    directory, _ = checks.exporter.export('', 'demo')
    with tf.Graph().as_default() as graph, v1.Session(graph=graph) as session:
        v1.saved_model.load(session, ['serve'], str(directory))
        path = work / 'demo.pb'
        path.write_bytes(graph.as_graph_def().SerializeToString())
    original = frozen_original(path)
    _, written = checks.pixels('demo frozen', path, original)
    checks.told('demo frozen', written, resizer={'kind': 'fixed', 'size': [300, 300]})
    checks.pixels('demo frozen, variables', path, original, variables=True)
    checks.encoded('demo frozen, encoded', path, original)


def check_bundle(checks, name, directory, path):
    """TensorFlow reads every variable back, checksums and all."""
    reader = tf.train.load_checkpoint(str(directory / 'variables' / 'variables'))
    constants = {node.name: node for node in frozen_graph(path).node if node.op == 'Const'}
    equal = [
        np.array_equal(reader.get_tensor(key), tf.make_ndarray(constants[key].attr['value'].tensor))
        for key in reader.get_variable_to_shape_map()
    ]
    checks.report.check(f'{name}: TensorFlow reads the weights back', equal and all(equal), len(equal))


def check_equal_bytes(checks, path):
    digests = set()
    for _ in range(2):
        directory, _ = checks.exporter.export(path, variables=True, input='encoded')
        files = sorted(file for file in directory.rglob('*') if file.is_file())
        digests.add(hashlib.sha256(b''.join(file.read_bytes() for file in files)).hexdigest())
    checks.report.check('two exports are equal', len(digests) == 1)


def check_checkpoints(checks, work):
    cases = {
        'checkpoint': ({}, {}),
        'checkpoint of resource variables': (
            {'variables': samples.resource}, {}),
        'checkpoint in several data files': (
            {'devices': 2, 'device': lambda layer: f'/cpu:{layer}'}, {'sharded': True}),
        'checkpoint of partitioned variables': ({'variables': samples.partitioned}, {}),
    }
    for name, (model, saver) in cases.items():
        folder = work / name.replace(' ', '_')
        folder.mkdir()
        prefix = samples.Model(**model).checkpoint(folder / 'model.ckpt', **saver)
        original = checkpoint_original(prefix)
        _, written = checks.pixels(name, folder, original)
        checks.told(name, written, resizer={'kind': 'fixed', 'size': [32, 48]})
        checks.encoded(f'{name}, encoded', prefix, original)
    shards = len(list((work / 'checkpoint_in_several_data_files').glob('*.data-*')))
    checks.report.check('there are several data files', shards > 1, shards)
    check_damage(checks, work / 'checkpoint')
    folder = work / 'training'
    folder.mkdir()
    samples.training_checkpoint(folder / 'model.ckpt-1')
    checks.refused('a training checkpoint', folder, 'training graph', 'Iterator')
    tf.train.Checkpoint(value=tf.Variable(1.0)).save(str(work / 'tf2' / 'ckpt'))
    checks.refused('a TensorFlow 2 checkpoint', work / 'tf2', 'TensorFlow 2 checkpoint')


def check_damage(checks, folder):
    [data] = folder.glob('*.data-*')
    content = data.read_bytes()
    for name, damaged, word in (
        ('a flipped byte', bytes([content[0] ^ 1]) + content[1:], 'checksum'),
        ('a short data file', content[:-1], 'truncated'),
    ):
        data.write_bytes(damaged)
        checks.refused(name, folder, str(data), word)
    data.unlink()
    checks.refused('a missing data file', folder, str(data), 'missing')
    data.write_bytes(content)


def check_saved_models(checks, work):
    model = samples.Model()
    directory = model.saved_model(work / 'saved_tf1')
    original = lambda image: saved_model_answer(directory, image)  # noqa: E731
    _, written = checks.pixels('SavedModel of TensorFlow 1', directory, original)
    checks.told('SavedModel of TensorFlow 1', written, variables=8, classes=samples.CLASSES,
                resizer={'kind': 'fixed', 'size': [32, 48]})
    checks.encoded('SavedModel of TensorFlow 1, encoded', directory, original)

    path = model.freeze(work / 'constants.pb')
    graph = tf.Graph()
    with graph.as_default():
        tf.graph_util.import_graph_def(frozen_graph(path), name='')
    constants = samples.Model.__new__(samples.Model)
    constants.graph, constants.session = graph, v1.Session(graph=graph)
    directory = constants.saved_model(work / 'saved_constants')
    original = lambda image: saved_model_answer(directory, image)  # noqa: E731
    _, written = checks.pixels('SavedModel of constants, variables', directory, original,
                               variables=True)
    checks.told('SavedModel of constants, variables', written, variables=8)

    directory = work / 'saved_tf2'
    tf.saved_model.save(samples.Module(str(work / 'words.txt')), str(directory))
    original = lambda image: saved_model_answer(directory, image)  # noqa: E731
    exported, written = checks.pixels('SavedModel of TensorFlow 2', directory, original)
    checks.told('SavedModel of TensorFlow 2', written,
                resizer={'kind': 'keep-aspect', 'minSide': 40, 'maxSide': 64})
    names = sorted(str(it.relative_to(exported)) for it in exported.rglob('*') if it.is_file())
    expected = ['assets/words.txt', 'fingerprint.pb', 'saved_model.pb',
                'variables/variables.data-00000-of-00001', 'variables/variables.index']
    checks.report.check('SavedModel of TensorFlow 2 is copied whole', names == expected, names)
    checks.refused('an encoded TensorFlow 2 model', directory, 'TensorFlow 1', input='encoded')
    tagged = model.saved_model(work / 'saved_tags', tags=['train'])
    checks.refused('a SavedModel without the tag', tagged, '{train}')


def check_sizes(report, work):
    path = samples.huge_frozen_graph(work / 'huge.pb', HUGE_TENSORS, HUGE_FLOATS)
    size = path.stat().st_size
    for variables in (False, True):
        exporter = Exporter(work, [f'--max-old-space-size={HEAP_MEBIBYTES}'])
        start = time.monotonic()
        directory, _ = exporter.export(path, variables=variables)
        seconds = time.monotonic() - start
        peak = exporter.close()
        name = f'{size / 1e9:.2f} GB{" as variables" if variables else ""}'
        found = f'{peak:.0f} MiB at most, {seconds:.1f} s'
        report.check(f'{name} in less than {PEAK_MEBIBYTES} MiB', peak < PEAK_MEBIBYTES, found)
        if variables:
            reader = tf.train.load_checkpoint(str(directory / 'variables' / 'variables'))
            value = reader.get_tensor(f'Huge_{HUGE_TENSORS - 1}/weights')
            report.check(f'{name}: TensorFlow reads the last', len(value) == HUGE_FLOATS)
        for file in directory.rglob('*'):
            if file.is_file():
                file.unlink()
    path.unlink()
    exporter = Exporter(work, [f'--max-old-space-size={HEAP_MEBIBYTES}'])
    path = samples.oversized_frozen_graph(work / 'oversized.pb', 3, 200 * 2**20)
    message = exporter.refusal(path)
    written = (work / 'refused').exists()
    report.check('constants over 2 GiB are refused, nothing is written',
                 '--variables' in message and '2 GiB' in message and not written, message)
    peak = exporter.close()
    report.check(f'in less than {PEAK_MEBIBYTES} MiB', peak < PEAK_MEBIBYTES, f'{peak:.0f} MiB')
    path.unlink()


def check_further(checks, folder):
    """Exports whatever can be exported of a folder of real models, in all forms."""
    for path in sorted(folder.rglob('*')):
        kind = further_kind(path)
        if kind is None:
            continue
        source = path.parent if kind == 'saved-model' else path
        problems = checks.exporter.ask('inspect', source)['result']['problems']
        name = str(source.relative_to(folder))
        if problems:
            print(f'left   {name}: {problems[0]}')
            continue
        further = {'graph': further_frozen, 'meta': further_checkpoint, 'saved-model': further_saved}
        further[kind](checks, name, source)


def further_kind(path):
    if path.name == 'saved_model.pb':
        return 'saved-model'
    return {'.pb': 'graph', '.meta': 'meta'}.get(path.suffix)


def further_frozen(checks, name, path):
    original = frozen_original(path)
    _, written = checks.pixels(name, path, original)
    shape = written['input']['shape']
    size = shape[1:3] if min(shape[1:3]) > 0 else None
    checks.pixels(f'{name}, variables', path, original, variables=True)
    checks.encoded(f'{name}, encoded', path, original, size=size)
    checks.encoded(f'{name}, encoded, variables', path, original, size=size, variables=True)


def further_checkpoint(checks, name, path):
    original = checkpoint_original(path.with_suffix(''))
    checks.pixels(name, path, original)
    checks.encoded(f'{name}, encoded', path, original)


def further_saved(checks, name, directory):
    answer = checks.exporter.ask('inspect', directory)['result']
    [signature] = [it for it in answer['signatures'] if it['name'] == 'serving_default'] or [None]
    outputs = {it['name'] for it in signature['outputs']} if signature else set()
    if not outputs.issuperset(samples.OUTPUTS):
        exported, _ = checks.exporter.export(directory)
        Model(exported).close()
        checks.report.check(f'{name} loads', True)
        return
    original = lambda image: saved_model_answer(directory, image)  # noqa: E731
    if signature['inputs'][0]['dtype'] == 'DT_STRING':
        exported, written = checks.exporter.export(directory)
        for photo, content in checks.photos.items():
            theirs = saved_model_answer(directory, [content])
            for loader, ours in zip(('Python', 'C API'), run_both(exported, written, [content])):
                checks.report.compare(f'{name}, {photo}, {loader}', ours, theirs)
        return
    checks.pixels(name, directory, original)
    checks.encoded(f'{name}, encoded', directory, original)


def main(directory, *names):
    work = pathlib.Path(directory)
    report = Report()
    exporter = Exporter(work)
    photos = {pathlib.Path(name).name: pathlib.Path(name).read_bytes() for name in names}
    checks = Checks(report, exporter, photos)
    check_frozen(checks, work)
    check_demo(checks, work)
    check_checkpoints(checks, work)
    check_saved_models(checks, work)
    further = os.environ.get('EXPORT_SAMPLES')
    if further:
        check_further(checks, pathlib.Path(further))
    exporter.close()
    check_sizes(report, work)
    print(f'{report.passed} passed, {report.failed} failed')
    return 1 if report.failed else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
