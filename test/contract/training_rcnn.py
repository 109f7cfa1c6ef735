"""Makes trainings of Faster R-CNN with made-up weights and compares their exports with an inference of its own.

As the trainers do it, the graphs sample proposals at random between two trained parts. Inference is
done here one image at a time: TensorFlow runs the two parts and single operations, numpy what lies
between, each class suppressed by itself.
"""

import dataclasses

import numpy as np
import tensorflow as tf
import training_graphs as graphs

v1 = tf.compat.v1
FLOAT = np.float32
CLASSES = 3
CROPS = 12
KEYS = ('detection_boxes', 'detection_scores', 'detection_classes')
TOLERANCE = 1e-5


@dataclasses.dataclass
class Spec:
    """One kind of training; see CASES. `size` is the fixed one, or None for a range of sides."""

    size: tuple = None
    sides: tuple = (120, 200)
    extractor: str = 'faster_rcnn_inception_v2'
    converter: str = 'SOFTMAX'
    shared: bool = False
    frozen: bool = True
    resource: bool = False
    dropout: str = ''
    averages: bool = False
    use_averages: bool = False
    threshold: float = 0.0
    rows: int = 20
    scales: tuple = (0.25, 0.6)
    ratios: tuple = (0.5, 1.0, 2.0)
    base: tuple = (100, 90)
    offset: tuple = (0, 0)


CASES = {
    'keeps the aspect, softmax, dropout': Spec(dropout='new'),
    'fixed size, boxes shared, sigmoid': Spec(
        size=(96, 128), shared=True, converter='SIGMOID', offset=(5, 3)),
    'ResNet colours, batch norm trained, resource variables': Spec(
        extractor='faster_rcnn_resnet50', frozen=False, resource=True),
    'averages': Spec(averages=True, use_averages=True, dropout='old'),
    'no proposal': Spec(threshold=0.9999999),
}


class Network:
    """The two trained parts of a spec in the current graph."""

    def __init__(self, spec, training):
        self.spec = spec
        self.training = training
        self.build = graphs.Builder(graphs.Spec(
            batch=1, frozen=spec.frozen, resource=spec.resource, dropout=spec.dropout, activation='relu'),
            training)

    def first(self, images):
        """Gives features, box encodings and class logits."""
        build, kinds = self.build, len(self.spec.scales) * len(self.spec.ratios)
        with v1.variable_scope('FirstStageFeatureExtractor/Net'):
            x = images
            for number, channels in enumerate((8, 12, 16, 16)):
                with v1.variable_scope(f'Conv2d_{number}'):
                    x = build.activate(build.norm(build.conv(x, channels, 3, 2)))
        with v1.variable_scope('Conv'):
            y = tf.nn.relu6(build.conv(x, 16, 3))
        heads = []
        for name, width, scale in (('BoxEncodingPredictor', 4, 4), ('ClassPredictor', 2, 6)):
            with v1.variable_scope(f'FirstStageBoxPredictor/{name}'):
                heads.append(build.conv(y, kinds * width, 1, scale=scale, bias=True))
        return x, *heads

    def second(self, crops):
        """Gives box encodings [crops, ...] and class logits."""
        build = self.build
        with v1.variable_scope('SecondStageFeatureExtractor/Net'), v1.variable_scope('Conv2d_4'):
            x = build.activate(build.norm(build.conv(crops, 16, 3)))
        with v1.name_scope('SecondStageBoxPredictor'):
            size = int(np.prod(x.shape[1:]))
            x = tf.reshape(x, [CROPS if self.training else -1, size])
            x = build.drop(x)
        boxes = 4 if self.spec.shared else 4 * CLASSES
        heads = []
        for name, width, scale in (('BoxEncodingPredictor', boxes, 4.0), ('ClassPredictor', CLASSES + 1, 4.0)):
            with v1.variable_scope(f'SecondStageBoxPredictor/{name}'):
                spread = scale * (3 / size) ** 0.5
                product = tf.matmul(x, build.variable('weights', [size, width], -spread, spread))
                heads.append(v1.nn.bias_add(product, build.variable('biases', [width])))
        return heads


def loss_of(spec):
    data = tf.data.Dataset.from_generator(
        lambda: iter(()), tf.float32, [1, *(spec.size or (None, None)), 3])
    network = Network(spec, True)
    features, boxes, classes = network.first(v1.data.make_initializable_iterator(data).get_next())
    corners = tf.random.uniform([CROPS, 4]) + tf.reduce_mean(boxes)
    crops = tf.image.crop_and_resize(features, corners, tf.zeros([CROPS], tf.int32), [6, 6])
    with v1.name_scope('MaxPool2D'):
        crops = v1.nn.max_pool(crops, 2, 2, 'VALID', name='MaxPool')
    crops.set_shape([CROPS, 3, 3, features.shape[-1]])
    outputs = [boxes, classes, *network.second(crops)]
    return tf.add_n([tf.reduce_sum(tf.square(it)) for it in outputs])


def save_training(spec, folder):
    """Writes checkpoint, .meta and pipeline.config of a training that has just begun; gives the prefix."""
    folder.mkdir()
    with tf.Graph().as_default():
        loss = loss_of(spec)
        step = v1.train.get_or_create_global_step()
        trainable = v1.trainable_variables()
        train = [v1.train.MomentumOptimizer(0.004, 0.9).minimize(loss, step, trainable)]
        shadows = []
        if spec.averages:
            averages = v1.train.ExponentialMovingAverage(0.9999, step)
            train.append(averages.apply(trainable))
            shadows = [averages.average(variable) for variable in trainable]
        tf.group(*train, *v1.get_collection(v1.GraphKeys.UPDATE_OPS))
        shift = [v1.assign(shadow, shadow * 0.8 + 0.003) for shadow in shadows]
        with v1.Session() as session:
            session.run(v1.global_variables_initializer())
            session.run(shift)
            prefix = v1.train.Saver().save(session, str(folder / 'model.ckpt'), global_step=7)
    (folder / 'pipeline.config').write_text(pipeline_config(spec))
    return prefix


def pipeline_config(spec):
    resizer = (
        'fixed_shape_resizer {{ height: {} width: {} }}'.format(*spec.size) if spec.size else
        'keep_aspect_ratio_resizer {{ min_dimension: {} max_dimension: {} }}'.format(*spec.sides))
    return f"""# made up
model {{ faster_rcnn {{
  num_classes: {CLASSES}
  image_resizer {{ {resizer} }}
  feature_extractor {{ type: '{spec.extractor}' first_stage_features_stride: 16 }}
  first_stage_anchor_generator {{ grid_anchor_generator {{
    height: {spec.base[0]} width: {spec.base[1]} height_offset: {spec.offset[0]} width_offset: {spec.offset[1]}
    scales: {list(spec.scales)} aspect_ratios: {list(spec.ratios)} }} }}
  first_stage_nms_score_threshold: {spec.threshold} first_stage_max_proposals: 30
  initial_crop_size: 6 maxpool_kernel_size: 2 maxpool_stride: 2
  second_stage_box_predictor {{ mask_rcnn_box_predictor {{
    use_dropout: true share_box_across_classes: {str(spec.shared).lower()} }} }}
  second_stage_post_processing {{
    batch_non_max_suppression {{ score_threshold: 0.01 iou_threshold: 0.5
      max_detections_per_class: 15 max_total_detections: {spec.rows} }}
    score_converter: {spec.converter}
  }}
}} }}
eval_config {{ use_moving_averages: {str(spec.use_averages).lower()} }}
"""


class Inference:
    """The same network for inference, with the weights of a checkpoint."""

    def __init__(self, spec, prefix):
        self.spec = spec
        graph = tf.Graph()
        with graph.as_default():
            network = Network(spec, False)
            self.images = v1.placeholder(tf.float32, [1, None, None, 3])
            self.first = network.first(self.images)
            self.crops = v1.placeholder(tf.float32, [None, 3, 3, 16])
            self.second = network.second(self.crops)
            trainable = {variable.op.name for variable in v1.trainable_variables()}
            suffix = '/ExponentialMovingAverage' if spec.use_averages else ''
            saver = v1.train.Saver({
                it.op.name + (suffix if it.op.name in trainable else ''): it for it in v1.global_variables()})
            self.session = v1.Session(graph=graph)
            saver.restore(self.session, prefix)

    def rows(self, image):
        """Gives boxes, scores and classes of a uint8 image, best first."""
        pixels, size = self.resize(image.astype(FLOAT))
        means = 'resnet' in self.spec.extractor
        pixels = pixels - np.array(graphs.IMAGENET, FLOAT) if means else FLOAT(2 / 255) * pixels - FLOAT(1)
        features, boxes, classes = self.session.run(self.first, {self.images: pixels})
        proposals = self.propose(features.shape[1:3], boxes.reshape(-1, 4), classes.reshape(-1, 2), size)
        if len(proposals) == 0:
            return np.zeros([0, 4], FLOAT), np.zeros(0, FLOAT), np.zeros(0, FLOAT)
        relative = proposals * (FLOAT(1) / np.concatenate([size, size]))
        crops = tf.image.crop_and_resize(features, relative, [0] * len(relative), [6, 6])
        crops = v1.nn.max_pool(crops, 2, 2, 'VALID').numpy()
        boxes, classes = self.session.run(self.second, {self.crops: crops})
        return self.suppress(proposals, boxes, classes, size)

    def resize(self, image):
        sides = np.array(image.shape[:2], FLOAT)
        size = self.spec.size
        if size is None:
            low, high = self.spec.sides
            bounds = (low, high) if sides[0] < sides[1] else (high, low)
            size = np.round(np.min(np.array(bounds, FLOAT) / sides) * sides).astype(int)
        pixels = v1.image.resize_bilinear(image[None], list(map(int, size)))
        return pixels.numpy(), np.array(size, FLOAT)

    def anchors(self, grid):
        spec, corners = self.spec, []
        for y in range(grid[0]):
            for x in range(grid[1]):
                center = np.array([16 * y + spec.offset[0], 16 * x + spec.offset[1]], FLOAT)
                for ratio in spec.ratios:
                    for scale in spec.scales:
                        root = np.sqrt(FLOAT(ratio))
                        side = np.array([FLOAT(scale) / root * spec.base[0], FLOAT(scale) * root * spec.base[1]], FLOAT)
                        corners.append(np.concatenate([center - side / 2, center + side / 2]))
        return np.array(corners, FLOAT)

    def propose(self, grid, boxes, classes, size):
        decoded = decode(boxes, clip(self.anchors(grid), size))
        scores = softmax(classes)[:, 1]
        best = tf.image.non_max_suppression(decoded, scores, 30, 0.7, self.spec.threshold).numpy()
        clipped = clip(decoded[best], size)
        return clipped[area(clipped) > 0]

    def suppress(self, proposals, boxes, logits, size):
        scores = softmax(logits) if self.spec.converter == 'SOFTMAX' else 1 / (1 + np.exp(-logits))
        rows = []
        for number in range(CLASSES):
            place = 0 if self.spec.shared else 4 * number
            decoded = decode(boxes[:, place:place + 4], proposals)
            best = tf.image.non_max_suppression(decoded, scores[:, number + 1], 15, 0.5, 0.01).numpy()
            rows += [(box, scores[at, number + 1], number + 1)
                     for at, box in zip(best, clip(decoded[best], size)) if area(box[None])[0] > 0]
        rows = sorted(rows, key=lambda row: -row[1])[:self.spec.rows]
        corners, values, classes = zip(*rows)
        return np.array(corners) * (1 / np.concatenate([size, size])), np.array(values), np.array(classes)


def softmax(logits):
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def decode(encodings, boxes):
    sizes = boxes[:, 2:] - boxes[:, :2]
    centers = boxes[:, :2] + sizes / FLOAT(2)
    centers = encodings[:, :2] / FLOAT(10) * sizes + centers
    half = np.exp(encodings[:, 2:] / FLOAT(5)) * sizes / FLOAT(2)
    return np.concatenate([centers - half, centers + half], 1)


def clip(boxes, size):
    return np.minimum(np.maximum(boxes, FLOAT(0)), np.concatenate([size, size]))


def area(boxes):
    return np.prod(boxes[:, 2:] - boxes[:, :2], 1)


def compare(report, name, ours, theirs, least=1):
    """Rows in order, best first, but for scores that differ by no more than rounding; `theirs` are boxes, scores and classes."""
    count = int(ours['num_detections'][0])
    boxes, scores, classes = (ours[key][0][:count] for key in KEYS)
    differences = [float('inf')] * 2
    if count == len(theirs[1]):
        order = pair(boxes, scores, classes, theirs)
        if order is not None:
            differences = [float(np.abs(a - b[order]).max(initial=0)) for a, b in
                           ((boxes, theirs[0]), (scores, theirs[1]))]
    report.check(f'{name}: {count} rows', count >= least and max(differences) <= TOLERANCE,
                 'boxes {:.1e}, scores {:.1e}'.format(*differences))


def pair(boxes, scores, classes, theirs):
    """For each row the nearest of `theirs` that has its class and score; None when there is none left."""
    left, order = list(range(len(scores))), []
    for box, score, number in zip(boxes, scores, classes):
        alike = [it for it in left
                 if theirs[2][it] == number and abs(theirs[1][it] - score) <= TOLERANCE]
        if not alike:
            return None
        order.append(min(alike, key=lambda it: np.abs(theirs[0][it] - box).max()))
        left.remove(order[-1])
    return order


def check_made(report, exporter, load, work, photo):
    """Every case in every form; `load` opens an exported version."""
    pictures = [tf.cast(tf.image.resize(photo, size), tf.uint8).numpy()
                for size in ([150, 200], [220, 130], [90, 260])]
    for number, (name, spec) in enumerate(CASES.items()):
        folder = work / f'rcnn_{number}'
        inference = Inference(spec, save_training(spec, folder))
        expected = [inference.rows(it) for it in pictures]
        for form, options in (('constants', {}), ('variables', {'variables': True}), ('encoded', {'input': 'encoded'})):
            directory, written = exporter.export(folder, **options)
            model = load(directory, written)
            for place, (picture, rows) in enumerate(zip(pictures, expected)):
                value = [tf.io.encode_png(picture).numpy()] if form == 'encoded' else picture[None]
                compare(report, f'Faster R-CNN, {name}, {form}, photo {place}', model.run(value), rows,
                        least=0 if spec.threshold > 0 else 3)
            model.close()
        shape = written['input']['shape']
        report.check(f'Faster R-CNN, {name}: one image a call', shape == [1], str(shape))
        inference.session.close()


def is_rcnn(folder):
    return 'faster_rcnn {' in (folder / 'pipeline.config').read_text()


def check_trained_set(report, exporter, load, folder, run, pictures):
    """A really trained set; `run` gives what the official exporter's SavedModel answers."""
    for options in ({}, {'variables': True}):
        directory, written = exporter.export(folder, **options)
        model = load(directory, written)
        for name, picture in pictures:
            theirs = run(picture[None])
            rows = int(theirs['num_detections'][0])
            compare(report, f'{folder.name}, {name}', model.run(picture[None]),
                    [theirs[key][0][:rows] for key in KEYS])
        model.close()
