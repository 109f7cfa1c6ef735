"""Networks that answer as YOLO does, made in TensorFlow, and what they find in pictures of rectangles.

A network looks for the red and the blue pixels of its input and gives a box for every cell of its
grids whose centre is inside a rectangle: the nearer to the middle, the higher the score and the
better the box, so that suppression has something to do and must choose well. Inputs, outputs and
their order are those of the exporters: YOLOv8 from PyTorch (float [b,3,h,w], output0 [b,4+C,N] in
pixels) and YOLOv5 from TensorFlow (float [b,h,w,3], [b,N,5+C] in fractions).
"""

import numpy as np
import tensorflow as tf

SIDE = 640
STRIDES = (8, 16, 32)
CLASSES = 2
# Rectangles as class, x_min, y_min, x_max, y_max in pixels.
PICTURES = {
    'wide': ((480, 270), [(0, 30, 40, 200, 180), (1, 300, 90, 450, 250)]),
    'tall': ((300, 500), [(1, 20, 300, 280, 480), (0, 60, 30, 140, 200)]),
    'empty': ((320, 320), []),
}
COLOURS = [(255, 0, 0), (0, 0, 255)]
# An edge between two pixels of the tensor is known to one of them, which is less than one here.
TOLERANCE_PIXELS = 1.0


def cell_centres():
    """Centres of all cells in pixels, [N,2] as x, y."""
    grids = []
    for stride in STRIDES:
        at = (np.arange(SIDE // stride) + 0.5) * stride
        x, y = np.meshgrid(at, at)
        grids.append(np.stack([x.ravel(), y.ravel()], axis=1))
    return tf.constant(np.concatenate(grids), tf.float32)


def find_boxes(images, channel):
    """Corners of what has one colour in each image of [b,h,w,3] with values of 0 to 1: [b,4]."""
    others = [it for it in range(3) if it != channel]
    # Half of the way from the grey around.
    full = images[..., channel] > 0.75
    mask = full & tf.reduce_all(tf.gather(images, others, axis=3) < 0.25, axis=3)
    edges = []
    for axis in (2, 1):
        line = tf.cast(tf.reduce_any(mask, axis=3 - axis), tf.float32)
        at = tf.range(SIDE, dtype=tf.float32)
        edges.append((
            tf.reduce_min(tf.where(line > 0, at, SIDE), axis=1),
            tf.reduce_max(tf.where(line > 0, at + 1, 0.0), axis=1),
        ))
    (x_min, x_max), (y_min, y_max) = edges
    return tf.stack([x_min, y_min, x_max, y_max], axis=1)


def predict(images):
    """Boxes [b,N,4] as centre and size in pixels, and scores [b,N,C]."""
    centres = cell_centres()
    boxes, scores = [], []
    for channel in (0, 2):
        corners = find_boxes(images, channel)[:, tf.newaxis]
        low, high = corners[..., :2], corners[..., 2:]
        size = high - low
        distance = tf.norm((centres - (low + high) / 2) / tf.maximum(size, 1.0), axis=2)
        inside = tf.reduce_all((centres > low) & (centres < high), axis=2)
        score = tf.where(inside, 0.9 - 0.5 * distance, 0.01)
        # Cells far from the middle are mistaken by up to a tenth of the size.
        middle = (low + high) / 2 + 0.2 * distance[..., tf.newaxis] ** 2 * size
        boxes.append(tf.concat([middle, tf.broadcast_to(size, tf.shape(middle))], axis=2))
        scores.append(score)
    scores = tf.stack(scores, axis=2)
    nothing = tf.concat([centres, tf.fill(tf.shape(centres), 24.0)], axis=1)
    nothing = tf.broadcast_to(nothing, tf.shape(boxes[0]))
    best = tf.where(scores[..., :1] > scores[..., 1:], boxes[0], boxes[1])
    return tf.where(tf.reduce_max(scores, axis=2, keepdims=True) > 0.1, best, nothing), scores


class Grid(tf.Module):
    """YOLOv8 and YOLO11 as exported from PyTorch."""

    @tf.function(input_signature=[tf.TensorSpec([None, 3, SIDE, SIDE], tf.float32, 'images')])
    def __call__(self, images):
        boxes, scores = predict(tf.transpose(images, [0, 2, 3, 1]))
        return {'output0': tf.transpose(tf.concat([boxes, scores], axis=2), [0, 2, 1])}


class ObjectnessGrid(tf.Module):
    """YOLOv5 as exported from TensorFlow."""

    @tf.function(input_signature=[tf.TensorSpec([1, SIDE, SIDE, 3], tf.float32, 'x')])
    def __call__(self, images):
        boxes, scores = predict(images)
        objectness = tf.reduce_max(scores, axis=2, keepdims=True)
        return {'output_0': tf.concat([boxes / SIDE, objectness, scores / objectness], axis=2)}


MODELS = {'yolo_grid': Grid, 'yolo_objectness': ObjectnessGrid}


def write_models(repository):
    """Writes version 1 of each network beside the card that gateway.ts has written."""
    for name, network in MODELS.items():
        module = network()
        signatures = {'serving_default': module.__call__.get_concrete_function()}
        tf.saved_model.save(module, str(repository / name / '1'), signatures)


def picture(name):
    """Draws a picture as a PNG."""
    (width, height), rectangles = PICTURES[name]
    pixels = np.full((height, width, 3), 128, np.uint8)
    for number, x_min, y_min, x_max, y_max in rectangles:
        pixels[y_min:y_max, x_min:x_max] = COLOURS[number]
    return tf.io.encode_png(pixels).numpy()


def differences(detections, rectangles):
    """The largest difference of an edge in pixels; None when others are found, or more than once."""
    found = sorted((it['class_id'], *it['box'].values()) for it in detections)
    if [it[0] for it in found] != sorted(it[0] for it in rectangles):
        return None
    edges = np.array(found, float) - np.array(sorted(rectangles), float)
    return round(float(np.abs(edges).max(initial=0)), 2)


def check_conventions(report, gateway):
    """Compares what is found with what was drawn."""
    contents = {name: picture(name) for name in PICTURES}
    for model in MODELS:
        for name, content in contents.items():
            answer = gateway.detect(content, f'&model={model}')
            found = differences(answer.json().get('detections', []), PICTURES[name][1])
            ok = answer.status == 200 and found is not None and found <= TOLERANCE_PIXELS
            report.check(f'{model} {name}', ok, f'{found} pixels of at most {TOLERANCE_PIXELS}')
    answer = gateway.detect(contents['wide'], '&model=yolo_grid&iou_threshold=1')
    many = len(answer.json()['detections'])
    report.check('yolo_grid gives each rectangle many times', many > 20, many)
    results = gateway.detect_batch(list(contents.values()), '&model=yolo_grid')
    for name, result in zip(contents, results.json()['results'], strict=True):
        found = differences(result['detections'], PICTURES[name][1])
        ok = found is not None and found <= TOLERANCE_PIXELS
        report.check(f'yolo_grid {name} in a batch', ok, found)
