"""Compares an answer of the composition with TensorFlow called directly.

Usage: compare.py VERSION PIXELS ANSWER: the folder of the model's version, a file with the RGB bytes
of the photo as the model's card wants them, and the JSON that the gateway answered. The exit status
is 1 when they differ.
"""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / 'contract'))

import gateway  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402


def main(version, pixels, answer):
    model = tf.saved_model.load(version, tags=['serve'])
    image = np.fromfile(pixels, np.uint8).reshape(1, gateway.SIDE, gateway.SIDE, 3)
    outputs = model.signatures['serving_default'](input_tensor=tf.constant(image))
    detections = json.loads(pathlib.Path(answer).read_bytes())['detections']
    report = gateway.Report()
    report.compare(
        'TensorFlow', gateway.from_gateway(detections), gateway.from_tensorflow(outputs))
    return report.failed > 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
