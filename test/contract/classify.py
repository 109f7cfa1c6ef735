"""Classifiers and regressors made in TensorFlow, and what the gateway in front of them answers.

Usage: classify.py DIRECTORY

Makes one network, a linear layer over the mean colour of an image, and serves it in every form
that the gateway knows: floats and half floats to probabilities, floats to logits with a background class, encoded
pictures, tf.Examples to the best three classes by name, to scores only, and to one number, and a
signature of Examples as TensorFlow 2 declares it. What is expected is worked out in numpy.
"""

import json
import pathlib
import subprocess
import sys

import numpy as np
from gateway import Answer, Gateway, Report, started
import tensorflow as tf
from tensorflow_serving.apis import prediction_log_pb2

v1 = tf.compat.v1
SIDE = 32
LABELS = ['red', 'green', 'blue', 'dark', 'bright', 'yellow']
# Rows are red, green and blue, each from 0 to 1.
WEIGHTS = np.array([
    [4, -2, -2, -2, 1.5, 2.5],
    [-2, 4, -2, -2, 1.5, 2.5],
    [-2, -2, 4, -2, 1.5, -3],
], np.float32)
BIAS = np.array([0, 0, 0, 1.5, -1.5, -2], np.float32)
COLOURS = {
    'red': (200, 10, 20), 'green': (5, 180, 30), 'blue': (20, 30, 190),
    'dark': (8, 9, 10), 'white': (250, 251, 252), 'yellow': (230, 220, 15),
}
TOLERANCE = 1e-4


def logits_of(pixels):
    """Logits of float pixels [b,h,w,3] from 0 to 1."""
    return tf.reduce_mean(pixels, axis=[1, 2]) @ WEIGHTS + BIAS


def decoded(contents):
    def one(content):
        picture = tf.image.decode_image(content, channels=3, expand_animations=False)
        return tf.ensure_shape(tf.image.resize(tf.cast(picture, tf.float32), [SIDE, SIDE]),
                               [SIDE, SIDE, 3])
    return tf.map_fn(one, contents, fn_output_signature=tf.float32) / 255


def from_examples(examples, feature='image/encoded'):
    parsed = v1.parse_example(examples, {feature: v1.FixedLenFeature([], tf.string)})
    return logits_of(decoded(parsed[feature]))


def best(logits, count):
    scores, ids = tf.math.top_k(tf.nn.softmax(logits), count)
    return {'classes': tf.gather(tf.constant(LABELS), ids), 'scores': scores}


def pixels():
    return v1.placeholder(tf.float32, [None, SIDE, SIDE, 3])


def halves():
    return v1.placeholder(tf.float16, [None, SIDE, SIDE, 3])


def texts():
    return v1.placeholder(tf.string, [None])


def with_background(pixels):
    logits = logits_of(pixels)
    return tf.concat([tf.fill([tf.shape(logits)[0], 1], -1.0), logits], axis=1)


PREDICT, CLASSIFY, REGRESS = (f'tensorflow/serving/{it}' for it in ('predict', 'classify', 'regress'))
FLOATS = {'task': 'image-classification', 'labels': LABELS, 'input': {'std': 255}}
# Name: method, name and kind of the input, outputs of it, card.
MODELS = {
    'keras': (PREDICT, 'keras_tensor', pixels,
              lambda x: {'output_0': tf.nn.softmax(logits_of(x))}, FLOATS),
    'hub': (PREDICT, 'images', pixels, lambda x: {'default': with_background(x)},
            {**FLOATS, 'activation': 'softmax', 'label_offset': 1}),
    'halves': (PREDICT, 'x', halves,
               lambda x: {'scores': tf.nn.softmax(logits_of(tf.cast(x, tf.float32) / 255))},
               {'task': 'image-classification', 'labels': LABELS}),
    'encoded': (PREDICT, 'image_bytes', texts,
                lambda x: {'probabilities': tf.nn.softmax(logits_of(decoded(x)))},
                {'task': 'image-classification', 'labels': LABELS}),
    'examples': (CLASSIFY, 'inputs', texts, lambda x: best(from_examples(x), 3), None),
    'scores': (CLASSIFY, 'inputs', texts, lambda x: {'scores': tf.nn.softmax(from_examples(x))},
               {'task': 'image-classification', 'labels': LABELS}),
    'tf2': (PREDICT, 'inputs', texts, lambda x: best(from_examples(x, 'photo'), 6),
            {'example_feature': 'photo'}),
    'brightness': (REGRESS, 'inputs', texts,
                   lambda x: {'outputs': from_examples(x)[:, 4:5]}, None),
    'number': (PREDICT, 'x', pixels, lambda x: {'value': logits_of(x)[:, 4]},
               {'task': 'image-regression', 'input': {'std': 255}}),
}


def write_models(repository):
    for name, (method, alias, kind, network, card) in MODELS.items():
        with tf.Graph().as_default(), v1.Session() as session:
            source = kind()
            outputs = network(source)
            info = v1.saved_model.build_tensor_info
            signature = v1.saved_model.build_signature_def(
                {alias: info(source)}, {key: info(it) for key, it in outputs.items()}, method)
            builder = v1.saved_model.Builder(str(repository / name / '1'))
            builder.add_meta_graph_and_variables(session, ['serve'], {'serving_default': signature})
            builder.save()
        if card is not None:
            (repository / name / 'model.json').write_text(json.dumps(card))
    entries = ' '.join(f'config {{ name: "{name}" base_path: "/models/{name}" }}' for name in MODELS)
    (repository / 'models.config').write_text(f'model_config_list {{ {entries} }}')


def draw(colour):
    """A PNG of one colour with a frame, and its mean colour from 0 to 1."""
    picture = np.full((SIDE, SIDE, 3), colour, np.uint8)
    picture[:2] = 128
    return tf.io.encode_png(picture).numpy(), picture.reshape(-1, 3).mean(0) / 255


def post(gateway, route, content, query):
    headers = {'content-type': 'application/octet-stream'}
    return Answer(f'{gateway.url}/v1/{route}?{query}', content, headers)


def expected_classes(mean, background):
    logits = np.concatenate([[-1.0] * background, mean @ WEIGHTS + BIAS])
    scores = np.exp(logits - logits.max())
    scores = (scores / scores.sum())[background:]
    return [(LABELS[at], scores[at]) for at in np.argsort(-scores)]


def difference(answer, expected, count):
    """The largest difference of a score; None when other classes or another order come back."""
    found = [(it['label'], it['score']) for it in answer.json().get('classifications', [])]
    if [label for label, _ in found] != [label for label, _ in expected[:count]]:
        return None
    return max(abs(one - other) for (_, one), (_, other) in zip(found, expected, strict=False))


def check(report, gateway):
    for colour, rgb in COLOURS.items():
        content, mean = draw(rgb)
        for name in ('keras', 'hub', 'halves', 'encoded', 'examples', 'scores', 'tf2'):
            count = 3 if name == 'examples' else 6
            answer = post(gateway, 'classify', content, f'model={name}&top_k=6')
            found = difference(answer, expected_classes(mean, int(name == 'hub')), count)
            ok = found is not None and found <= TOLERANCE
            report.check(f'{name} {colour}', ok, answer.body if found is None else f'{found:.1e}')
        value = (mean @ WEIGHTS + BIAS)[4]
        for name in ('brightness', 'number'):
            answer = post(gateway, 'regress', content, f'model={name}')
            found = answer.json().get('regressions', [{}])[0].get('value')
            ok = found is not None and abs(found - value) <= TOLERANCE
            report.check(f'{name} {colour}', ok, answer.body if not ok else f'{found:.4f}')
    content, mean = draw(COLOURS['red'])
    raw = post(gateway, 'predict', content, 'model=hub').json()['outputs']['default']
    same = np.allclose(raw['values'][1:], mean @ WEIGHTS + BIAS, atol=TOLERANCE)
    report.check('predict gives the logits', same and raw['shape'] == [1, 7], raw)
    wrong = post(gateway, 'detect', content, 'model=keras')
    report.check('detect names the route', wrong.json()['code'] == 'task_mismatch', wrong.status)
    # A picture that ends too soon is the client's fault also where TensorFlow decodes it.
    cut = post(gateway, 'classify', content[:-40], 'model=scores')
    report.check('half a picture', cut.status == 422, cut.json()['code'])
    tasks = {it['name']: it['task'] for it in gateway.get('/v1/models').json()['models']}
    expected = {it: 'image-classification' for it in MODELS}
    expected |= {'brightness': 'image-regression', 'number': 'image-regression'}
    report.check('the task of each model', tasks == expected, tasks)


def run(version, log):
    """What TensorFlow says to a logged request: all that the signature gives, or what was asked for."""
    method = log.WhichOneof('log_type')
    request = getattr(log, method).request
    with tf.Graph().as_default(), v1.Session() as session:
        loaded = v1.saved_model.loader.load(session, ['serve'], version)
        signature = loaded.signature_def[request.model_spec.signature_name]
        if method == 'predict_log':
            feed = {signature.inputs[alias].name: tf.make_ndarray(proto)
                    for alias, proto in request.inputs.items()}
            wanted = list(request.output_filter)
        else:
            examples = request.input.example_list.examples
            feed = {signature.inputs['inputs'].name: [it.SerializeToString() for it in examples]}
            wanted = list(signature.outputs)
        return method, session.run([signature.outputs[it].name for it in wanted], feed)


METHODS = {PREDICT: 'predict_log', CLASSIFY: 'classify_log', REGRESS: 'regress_log'}


def check_warm_ups(report, repository):
    for name, (method, *_) in MODELS.items():
        done = subprocess.run(['node', 'dist/cli.js', 'warmup', name, '--repository', repository],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            report.check(f'{name}: warm-up', False, done.stderr)
            continue
        version = str(repository / name / '1')
        path = f'{version}/assets.extra/tf_serving_warmup_requests'
        logs = [prediction_log_pb2.PredictionLog.FromString(record.numpy())
                for record in tf.data.TFRecordDataset(path)]
        ran = [run(version, log) for log in logs]
        # TensorFlow 2 declares every method as Predict, and this one takes Examples.
        expected = 'classify_log' if name == 'tf2' else METHODS[method]
        ok = len(ran) > 0 and all(used == expected and len(outputs) > 0 for used, outputs in ran)
        report.check(f'{name}: TensorFlow runs its warm-up', ok, f'{len(ran)} requests, {expected}')


def main(directory):
    report = Report()
    repository = pathlib.Path(directory) / 'models'
    repository.mkdir()
    write_models(repository)
    check_warm_ups(report, repository)
    serving = [sys.executable, 'test/contract/serving.py', str(repository)]
    with started(serving, r'listening on (\S+)') as target:
        environment = {
            'TF_SERVING_TARGET': target,
            'MODEL_REPOSITORY': str(repository),
            'DEFAULT_MODEL': 'keras',
            'HOST': '127.0.0.1',
            'PORT': '0',
            'LOG_LEVEL': 'warn',
        }
        with started(['node', 'dist/server.js'], r'(http://[^\s/]+)', environment) as url:
            check(report, Gateway(url))
    print(f'{report.passed} passed, {report.failed} failed')
    return report.failed > 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
