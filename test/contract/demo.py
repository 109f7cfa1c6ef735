"""Compares the exported demo model, run by TensorFlow, with the embedded server.

Usage: demo.py DIRECTORY PHOTO...

demo.ts exports the model into DIRECTORY in its forms; TensorFlow loads each and answers for the
photos, the embedded server (of the built program in dist/) too. What must agree is compared row by
row. Prints a line for each comparison with the largest difference found, then `N passed, M failed`;
the exit status is 1 when anything failed.
"""

import os
import pathlib
import subprocess
import sys
import time

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')

import grpc  # noqa: E402
import c_api  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from tensorflow.core.protobuf import saved_model_pb2  # noqa: E402
from tensorflow_serving.apis import (  # noqa: E402
    get_model_metadata_pb2,
    predict_pb2,
    prediction_service_pb2_grpc,
)

MODEL = 'ssdlite_mobilenet_v2_coco'
FORMS = ('pixels', 'variables', 'encoded', 'encoded_variables')
EXPORT = ['node', '--import', 'tsx', 'test/contract/demo.ts']
SERVE = ['node', 'dist/cli.js', 'serve-embedded', '--port', '0']
START_SECONDS = 30

# Largest differences measured over 80 photos of COCO and others: 4.8e-6 between the runtimes (WASM and
# oneDNN add up in different orders), 6.9e-7 between forms and batches in TensorFlow. Both are
# differences of scores and of box edges as fractions of the image.
RUNTIMES = 5e-5
ORDER = 1e-5
# Rows whose score is above this have their order and classes compared; below it, two rows whose
# scores differ by less than the tolerance may change places.
ORDERED_SCORE = 0.02


class Report:
    """Counts checks and prints each with the largest difference that it found."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, name, ok, found=''):
        self.passed += bool(ok)
        self.failed += not ok
        print(f'{"ok    " if ok else "FAILED"} {name}{f": {found}" if found else ""}')

    def compare(self, name, ours, theirs, tolerance):
        """Compares the detections of one image in two answers."""
        problem, difference = compare_rows(ours, theirs, tolerance)
        found = f'difference {difference:.1e} of at most {tolerance:.0e}'
        self.check(name, problem is None, f'{problem}, {found}' if problem else found)


def compare_rows(ours, theirs, tolerance):
    """Says what differs between two answers for one image, or None, and by how much at most."""
    scores = [answer['detection_scores'] for answer in (ours, theirs)]
    ordered = scores[0] > ORDERED_SCORE
    difference = np.abs(scores[0] - scores[1]).max()
    if ours['num_detections'] != theirs['num_detections']:
        return 'other number of detections', difference
    if (ours['detection_classes'] != theirs['detection_classes'])[ordered].any():
        return 'other classes', difference
    boxes = np.abs(ours['detection_boxes'] - theirs['detection_boxes'])[ordered]
    difference = max(difference, boxes.max(initial=0))
    return (None if difference <= tolerance else 'too different'), difference


def unbatch(answer):
    """Splits a batched answer into one answer an image."""
    arrays = {alias: np.asarray(value) for alias, value in answer.items()}
    count = len(arrays['num_detections'])
    return [{alias: value[i] for alias, value in arrays.items()} for i in range(count)]


class Embedded:
    """The embedded server, asked over gRPC."""

    def __init__(self, target):
        unlimited = [(f'grpc.max_{way}_message_length', -1) for way in ('send', 'receive')]
        channel = grpc.insecure_channel(target, unlimited)
        self.stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)

    def wait(self):
        """Waits until the model is loaded: before that its name is not found."""
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                return self.predict(np.zeros((1, 1, 1, 3), np.uint8))
            except grpc.RpcError as error:
                if error.code() != grpc.StatusCode.NOT_FOUND or time.monotonic() > end:
                    raise
            time.sleep(0.1)

    def signatures(self):
        request = get_model_metadata_pb2.GetModelMetadataRequest()
        request.model_spec.name = MODEL
        request.metadata_field.append('signature_def')
        packed = self.stub.GetModelMetadata(request).metadata['signature_def']
        signatures = get_model_metadata_pb2.SignatureDefMap()
        packed.Unpack(signatures)
        return signatures.signature_def

    def predict(self, pixels):
        request = predict_pb2.PredictRequest()
        request.model_spec.name = MODEL
        request.inputs['input_tensor'].CopyFrom(tf.make_tensor_proto(pixels))
        outputs = self.stub.Predict(request).outputs
        return {alias: tf.make_ndarray(proto) for alias, proto in outputs.items()}


def exported_signatures(directory):
    content = (directory / 'saved_model.pb').read_bytes()
    return saved_model_pb2.SavedModel.FromString(content).meta_graphs[0].signature_def


def check_photo(report, embedded, run, name, content):
    """Compares all answers about one photo; gives its pixels and TensorFlow's answer back."""
    pixels = tf.io.decode_image(content, channels=3, expand_animations=False).numpy()
    [ours] = unbatch(run['pixels'](input_tensor=pixels[None]))
    [theirs] = unbatch(embedded.predict(pixels[None]))
    report.compare(f'{name} pixels, embedded server', ours, theirs, RUNTIMES)
    [answer] = unbatch(run['variables'](input_tensor=pixels[None]))
    report.compare(f'{name} variables, constants', answer, ours, ORDER)
    [answer] = unbatch(run['encoded'](inputs=tf.constant([content])))
    report.compare(f'{name} encoded, pixels', answer, ours, ORDER)
    [answer] = unbatch(run['encoded_variables'](inputs=tf.constant([content])))
    report.compare(f'{name} encoded with variables, pixels', answer, ours, ORDER)
    png = tf.io.encode_png(pixels)
    [answer] = unbatch(run['encoded'](inputs=png[None]))
    report.compare(f'{name} encoded as PNG, pixels', answer, ours, ORDER)
    return pixels, ours


def check_batches(report, embedded, run, photos, contents):
    """Compares batches with the answers about their images alone."""
    first, single = photos[0]
    mirrored = first[:, ::-1]
    [other] = unbatch(run['pixels'](input_tensor=mirrored[None]))
    batch = np.stack([first, mirrored])
    answers = unbatch(run['pixels'](input_tensor=batch))
    for index, (answer, alone) in enumerate(zip(answers, (single, other), strict=True)):
        report.compare(f'batch of pixels, image {index} alone', answer, alone, ORDER)
    for index, theirs in enumerate(unbatch(embedded.predict(batch))):
        report.compare(f'batch of pixels, image {index} embedded', answers[index], theirs, RUNTIMES)
    sizes = {pixels.shape for pixels, _ in photos}
    report.check('the photos have different sizes', len(sizes) > 1, len(sizes))
    answers = unbatch(run['encoded'](inputs=tf.constant(contents)))
    for index, (answer, (_, alone)) in enumerate(zip(answers, photos, strict=True)):
        report.compare(f'batch of files, image {index} alone', answer, alone, ORDER)


def check_server_loader(report, directory, photo, content):
    """Compares with what TensorFlow Serving's own loader makes of the files."""
    pixels, expected = photo
    for form in FORMS:
        [signature] = exported_signatures(directory / form / '1').values()
        [(alias, info)] = signature.inputs.items()
        feeds = {info.name: [content] if alias == 'inputs' else pixels[None]}
        names = {alias: info.name for alias, info in signature.outputs.items()}
        values = c_api.Model(directory / form / '1').run(feeds, list(names.values()))
        [answer] = unbatch(dict(zip(names, values, strict=True)))
        report.compare(f'{form} in the C++ loader', answer, expected, ORDER)


def check_refusals(report, run):
    """Sees that bad input is INVALID_ARGUMENT, as it is in the embedded server."""
    cases = {
        'junk in place of a file': lambda: run['encoded'](inputs=tf.constant([b'junk'])),
        'no file': lambda: run['encoded'](inputs=tf.constant([], tf.string)),
        'no image': lambda: run['pixels'](input_tensor=np.zeros((0, 9, 9, 3), np.uint8)),
        'an image without pixels': lambda: run['pixels'](
            input_tensor=np.zeros((1, 0, 0, 3), np.uint8)),
    }
    for name, call in cases.items():
        try:
            call()
            report.check(f'{name} is refused', False)
        except tf.errors.InvalidArgumentError as error:
            report.check(f'{name} is refused', True, reason(error))
        except tf.errors.OpError as error:
            report.check(f'{name} is refused', False, f'{type(error).__name__} {reason(error)}')


def reason(error):
    """The line of an error that says what is wrong, without the Python stack."""
    lines = [line for line in error.message.split('\n') if line]
    marks = [i for i, line in enumerate(lines) if line.startswith('\t [[{{node')]
    return lines[marks[0] - 1] if marks else lines[0]


def check(report, directory, embedded, names):
    run = {}
    models = {}
    for form in FORMS:
        folder = directory / form / '1'
        models[form] = tf.saved_model.load(str(folder), tags=['serve'])
        run[form] = models[form].signatures['serving_default']
        size = sum(file.stat().st_size for file in folder.rglob('*') if file.is_file())
        has_variables = (folder / 'variables' / 'variables.index').exists()
        report.check(f'{form} loads', has_variables == ('variables' in form), f'{size} bytes')

    theirs = embedded.signatures()
    for form in ('pixels', 'variables'):
        ours = exported_signatures(directory / form / '1')
        same = dict(ours) == dict(theirs)
        report.check(f'the signatures of {form} are those of the embedded server', same)

    contents = [pathlib.Path(name).read_bytes() for name in names]
    photos = [
        check_photo(report, embedded, run, pathlib.Path(name).name, content)
        for name, content in zip(names, contents, strict=True)
    ]
    check_batches(report, embedded, run, photos, contents)
    check_server_loader(report, directory, photos[0], contents[0])
    check_refusals(report, run)


def main(directory, *photos):
    report = Report()
    exported = subprocess.run([*EXPORT, directory], check=True, capture_output=True, text=True)
    print('exported in', exported.stdout.strip(), 'ms')
    with subprocess.Popen(SERVE, stdout=subprocess.PIPE, text=True) as server:
        try:
            embedded = Embedded(server.stdout.readline().split()[-1])
            embedded.wait()
            check(report, pathlib.Path(directory), embedded, photos)
        finally:
            server.terminate()
    print(f'{report.passed} passed, {report.failed} failed')
    return report.failed > 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
