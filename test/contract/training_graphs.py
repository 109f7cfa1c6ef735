"""Makes training checkpoints as the Object Detection API's trainers leave them, with made-up weights.

A graph of each kind has what the trainers put around and into a network: queues or tf.data, losses,
gradients and updates, batch normalization and its moving averages, dropout, the batch size in
reshapes, several GPUs. The same network is built again for inference, and TensorFlow's answers of
that are what an export has to give.
"""

import dataclasses

import numpy as np
import tensorflow as tf
from tensorflow.python.training import moving_averages

v1 = tf.compat.v1
FLOAT = np.float32
CLASSES = 3
BATCH = 4
KEEP = 0.8
IMAGENET = [123.68, 116.779, 103.939]


@dataclasses.dataclass
class Spec:
    """One kind of training; see CASES."""

    size: tuple = (96, 96)
    extractor: str = 'ssd_mobilenet_v1'
    source: str = 'queue'
    batch: int = BATCH
    levels: int = 3
    resource: bool = False
    batch_norm: str = 'fused'
    updates: bool = True
    frozen: bool = False
    dropout: str = ''
    clones: int = 0
    shared: bool = False
    pyramid: bool = False
    clip: float = 0
    explicit_padding: bool = False
    activation: str = 'relu6'
    squeeze: bool = False
    pooled: bool = False
    sigmoid_head: bool = False
    optimizer: str = 'rmsprop'
    averages: bool = False
    use_averages: bool = False
    converter: str = 'SIGMOID'
    logit_scale: float = 1
    anchors: str = ''
    threshold: float = 0.01
    coder: tuple = (10, 10, 5, 5)
    wide: int = 0


SSD_ANCHORS = 'ssd_anchor_generator { num_layers: %d aspect_ratios: [1.0, 2.0] aspect_ratios: 0.5 }'
OCTAVES = ('multiscale_anchor_generator { min_level: 3 max_level: %d anchor_scale: 4.0 '
           'aspect_ratios: [1.0, 2.0, 0.5] scales_per_octave: 2 }')

CASES = {
    'queues, dropout, RMSProp, averages': Spec(dropout='new', averages=True),
    'queues, the averages themselves': Spec(dropout='new', averages=True, use_averages=True),
    'tf.data, Adam, old dropout': Spec(source='dataset', optimizer='adam', dropout='old'),
    'batch norm written out': Spec(batch_norm='written', optimizer='momentum'),
    'resource variables': Spec(resource=True, source='dataset', optimizer='adam', averages=True),
    'resource variables, batch norm written out': Spec(resource=True, batch_norm='written'),
    'batch norm without updates': Spec(updates=False),
    'resource variables, batch norm without updates': Spec(updates=False, resource=True),
    'batch norm frozen': Spec(frozen=True, optimizer='momentum'),
    'two GPUs': Spec(clones=2),
    'batches of one': Spec(batch=1, source='dataset'),
    'one level': Spec(levels=1, anchors='ssd_anchor_generator { num_layers: 1 aspect_ratios: [1, 2, 0.5] }'),
    'MobileNet v3: squeeze, hard swish': Spec(
        extractor='ssd_mobilenet_v3_small', activation='hswish', squeeze=True),
    'EdgeTPU, MobileDet: explicit padding': Spec(
        extractor='ssd_mobiledet_cpu', explicit_padding=True, activation='relu'),
    'PPN: pooled maps, shared predictor': Spec(
        extractor='ssd_mobilenet_v1_ppn', pooled=True, shared=True, sigmoid_head=True,
        anchors='ssd_anchor_generator { num_layers: 3 aspect_ratios: [1, 2] '
                'reduce_boxes_in_lowest_layer: false }'),
    'FPN, ResNet colours, per-level norms': Spec(
        size=(128, 128), extractor='ssd_resnet50_v1_fpn', pyramid=True, shared=True,
        source='dataset', optimizer='momentum', anchors=OCTAVES % 5),
    'FPN of a size that strides do not divide': Spec(
        size=(120, 104), extractor='ssd_mobilenet_v2_fpn', shared=True, source='dataset',
        anchors=OCTAVES % 5),
    'softmax, scaled logits, clipped, odd anchors': Spec(
        size=(96, 128), clip=2.5, converter='SOFTMAX', logit_scale=2.0, dropout='new',
        coder=(5, 7, 3, 4),
        anchors='ssd_anchor_generator { num_layers: 3 scales: [0.15, 0.4, 0.8] aspect_ratios: [1.0, 3.0, 0.3333] '
                'interpolated_scale_aspect_ratio: 0.7 base_anchor_height: 0.9 base_anchor_width: 1.2 '
                'height_stride: [8, 16, 32] width_stride: [8, 16, 32] height_offset: [3, 6, 12] width_offset: [4, 8, 16] }'),
    'identity, no interpolated anchor': Spec(
        converter='IDENTITY', threshold=0,
        anchors='ssd_anchor_generator { num_layers: 3 min_scale: 0.1 max_scale: 0.9 aspect_ratios: 1 '
                'aspect_ratios: 2 interpolated_scale_aspect_ratio: 0 }'),
}

# Weights of 256 MB; with Adam's slots and averages the checkpoint has four times that, and the .meta their first values.
LARGE = Spec(source='dataset', optimizer='adam', averages=True, wide=2 * 2**20)


class Builder:
    """Builds the network of a spec in the current graph."""

    def __init__(self, spec, training):
        self.spec = spec
        self.training = training
        self.rng = np.random.default_rng(11)

    def variable(self, name, shape, low=-1.0, high=1.0, trainable=True):
        seed = int(self.rng.integers(2**31))
        value = np.random.default_rng(seed).uniform(low, high, shape).astype(FLOAT)
        return v1.get_variable(name, shape, initializer=v1.constant_initializer(value),
                               trainable=trainable, use_resource=self.spec.resource)

    def conv(self, x, channels, size, stride=1, scale=1.0, bias=False):
        spread = scale * (3 / (size * size * x.shape[-1])) ** 0.5
        kernel = self.variable('weights', [size, size, int(x.shape[-1]), channels], -spread, spread)
        padding = 'SAME'
        if self.spec.explicit_padding and stride > 1:
            x, padding = tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]), 'VALID'
        x = v1.nn.conv2d(x, kernel, strides=stride, padding=padding)
        return v1.nn.bias_add(x, self.variable('biases', [channels])) if bias else x

    def depthwise(self, x):
        kernel = self.variable('depthwise_weights', [3, 3, int(x.shape[-1]), 1], -0.6, 0.6)
        return v1.nn.depthwise_conv2d(x, kernel, [1, 1, 1, 1], 'SAME')

    def norm(self, x, scope='BatchNorm'):
        with v1.variable_scope(scope):
            channels = [int(x.shape[-1])]
            gamma = self.variable('gamma', channels, 0.6, 1.4)
            beta = self.variable('beta', channels, -0.3, 0.3)
            mean = self.variable('moving_mean', channels, -0.3, 0.3, trainable=False)
            variance = self.variable('moving_variance', channels, 0.5, 1.5, trainable=False)
            written = self.spec.batch_norm == 'written'
            if not self.training or self.spec.frozen:
                if written:
                    return tf.nn.batch_normalization(x, mean, variance, beta, gamma, 1e-3)
                return v1.nn.fused_batch_norm(
                    x, gamma, beta, mean, variance, epsilon=1e-3, is_training=False)[0]
            if written:
                moments = tf.nn.moments(x, [0, 1, 2])
                y = tf.nn.batch_normalization(x, *moments, beta, gamma, 1e-3)
            else:
                y, *moments = v1.nn.fused_batch_norm(x, gamma, beta, epsilon=1e-3, is_training=True)
            if self.spec.updates:
                for moving, moment in zip((mean, variance), moments):
                    update = moving_averages.assign_moving_average(moving, moment, 0.97, zero_debias=False)
                    v1.add_to_collection(v1.GraphKeys.UPDATE_OPS, update)
            return y

    def activate(self, x):
        if self.spec.activation == 'hswish':
            return x * (tf.nn.relu6(x + 3.0) * 0.16667)
        return tf.nn.relu(x) if self.spec.activation == 'relu' else tf.nn.relu6(x)

    def block(self, x, channels, name, stride=2):
        with v1.variable_scope(name):
            y = self.activate(self.norm(self.conv(x, channels, 3, stride)))
            with v1.variable_scope('depthwise'):
                z = self.activate(self.norm(self.depthwise(y)))
            if self.spec.squeeze:
                with v1.variable_scope('squeeze'):
                    gate = tf.reduce_mean(z, [1, 2], keepdims=True)
                    z = z * (tf.nn.relu6(self.conv(gate, channels, 1, bias=True) + 3.0) * 0.16667)
            return y + z

    def body(self, images):
        with v1.variable_scope('FeatureExtractor/Net'):
            x = self.block(images, 8, 'Conv2d_0')
            x = self.block(x, 12, 'Conv2d_1')
            maps = [self.block(x, 16, 'Conv2d_2')]
            if self.spec.wide:
                with v1.variable_scope('Wide_0'):
                    wide = self.conv(maps[0], self.spec.wide, 1)
                with v1.variable_scope('Wide_1'):
                    maps[0] += self.conv(wide, 16, 1)
            for level in range(1, self.spec.levels):
                if self.spec.pooled:
                    with v1.variable_scope(f'pool_{level}'):
                        maps.append(v1.nn.max_pool(maps[-1], 2, 2, 'SAME'))
                else:
                    maps.append(self.block(maps[-1], 16, f'Conv2d_{level + 2}'))
        if not self.spec.pyramid:
            return maps
        with v1.variable_scope('FeatureExtractor/fpn'):
            top = maps[-1]
            pyramid = [top]
            for level in reversed(range(len(maps) - 1)):
                with v1.variable_scope(f'lateral_{level}'):
                    top = self.upsample(top) + self.conv(maps[level], 16, 1, bias=True)
                    pyramid.insert(0, top)
            return pyramid

    def upsample(self, x):
        """As nearest_neighbor_upsampling of the API does, the batch size in the new shape."""
        height, width, channels = x.shape[1:]
        y = tf.stack([tf.stack([x] * 2, axis=3)] * 2, axis=2)
        return tf.reshape(y, [self.rows(), 2 * height, 2 * width, channels])

    def rows(self):
        return self.spec.batch if self.training else -1

    def drop(self, x):
        if not self.spec.dropout or not self.training:
            return x
        with v1.name_scope('Dropout/dropout'):
            random = tf.random.uniform(x.shape, name='random_uniform')
            if self.spec.dropout == 'old':
                return v1.div(x, KEEP) * tf.floor(KEEP + random)
            return (x * (1 / KEEP)) * tf.cast(random >= 1 - KEEP, tf.float32)

    def predict(self, x, level, per_cell):
        if not self.spec.shared:
            with v1.variable_scope(f'BoxPredictor_{level}'):
                return self.heads(x, x, per_cell)
        suffix = f'_{level}' if level else ''
        base = 'WeightSharedConvolutionalBoxPredictor'
        with v1.variable_scope(base, reuse=v1.AUTO_REUSE, auxiliary_name_scope=False):
            # Variables are shared, nodes have the level in their scope; norms are each level's own.
            with v1.name_scope(f'{base}{suffix}/'):
                self.rng = np.random.default_rng(77)
                towers = []
                for tower in ('BoxPredictionTower', 'ClassPredictionTower'):
                    with v1.variable_scope(f'{tower}/conv2d_0'):
                        y = self.conv(x, 16, 3)
                        towers.append(self.activate(self.norm(y, f'BatchNorm/feature_{level}')))
                return self.heads(*towers, per_cell)

    def heads(self, for_boxes, for_classes, per_cell):
        count = int(for_boxes.shape[1] * for_boxes.shape[2]) * per_cell
        box_scope = 'BoxPredictor' if self.spec.shared else 'BoxEncodingPredictor'
        with v1.variable_scope(box_scope):
            boxes = self.conv(for_boxes, per_cell * 4, 3 if self.spec.shared else 1, scale=2, bias=True)
        if self.spec.clip:
            boxes = tf.clip_by_value(boxes, -self.spec.clip, self.spec.clip)
        boxes = tf.reshape(
            boxes, [self.rows(), count, 4] if self.spec.shared else [self.rows(), count, 1, 4])
        with v1.variable_scope('ClassPredictor'):
            classes = self.conv(self.drop(for_classes), per_cell * (CLASSES + 1), 1, scale=3, bias=True)
        if self.spec.sigmoid_head:
            classes = tf.sigmoid(classes)
        return boxes, tf.reshape(classes, [self.rows(), count, CLASSES + 1])

    def network(self, images):
        """Gives box encodings [batch, anchors, 4], class logits and the grids of the levels."""
        maps = self.body(images)
        grids = [tuple(int(n) for n in x.shape[1:3]) for x in maps]
        _, per_cell = anchors(self.spec, grids)
        pairs = [self.predict(x, level, per_cell[level]) for level, x in enumerate(maps)]
        boxes, classes = (list(it) for it in zip(*pairs))
        if len(boxes) > 1:
            boxes, classes = [tf.concat(boxes, 1)], [tf.concat(classes, 1)]
        return tf.reshape(boxes[0], [self.rows(), sum(a * h * w for a, (h, w) in zip(per_cell, grids)), 4]), classes[0], grids


def read_images(spec):
    """The input of a trainer: images from a queue, or from tf.data."""
    if spec.source == 'dataset':
        data = tf.data.Dataset.from_tensors(np.zeros((spec.batch, *spec.size, 3), FLOAT)).repeat()
        return v1.data.make_initializable_iterator(data).get_next()
    queue = v1.queue.PaddingFIFOQueue(8, [tf.float32], [[None, None, 3]])
    images = []
    for number in range(spec.batch):
        with v1.name_scope('Preprocessor' + (f'_{number}' if number else '')):
            image = v1.image.resize_images(queue.dequeue() * (2 / 255) - 1, spec.size)
            images.append(tf.stack([image]))
    return tf.concat(images, 0)


OPTIMIZERS = {
    'rmsprop': lambda: v1.train.RMSPropOptimizer(0.004, momentum=0.9),
    'adam': lambda: v1.train.AdamOptimizer(0.004),
    'momentum': lambda: v1.train.MomentumOptimizer(0.004, 0.9),
}


def loss_of(spec):
    boxes, classes, _ = Builder(spec, True).network(read_images(spec))
    with v1.name_scope('Loss'):
        return tf.reduce_sum(tf.square(boxes)) + tf.reduce_sum(tf.square(classes))


def losses_of(spec):
    if not spec.clones:
        return [loss_of(spec)]
    losses = []
    for number in range(spec.clones):
        with v1.name_scope(f'clone_{number}'), v1.variable_scope('', reuse=number > 0):
            losses.append(loss_of(spec))
    return losses


def save_training(spec, folder):
    """Writes checkpoint, .meta and pipeline.config of a training that has just begun; gives the prefix."""
    folder.mkdir()
    with tf.Graph().as_default():
        v1.set_random_seed(1)
        losses = losses_of(spec)
        step = v1.train.get_or_create_global_step()
        trainable = v1.trainable_variables()
        optimizer = OPTIMIZERS[spec.optimizer]()
        train = [optimizer.minimize(tf.add_n(losses), step, trainable)]
        shadows = []
        if spec.averages:
            averages = v1.train.ExponentialMovingAverage(0.9999, step)
            train.append(averages.apply(trainable))
            shadows = [averages.average(variable) for variable in trainable]
        tf.group(*train, *v1.get_collection(v1.GraphKeys.UPDATE_OPS))
        # Averages that are other than the weights, so that taking the wrong ones shows.
        shift = [v1.assign(shadow, shadow * 0.8 + 0.003) for shadow in shadows]
        with v1.Session() as session:
            session.run(v1.global_variables_initializer())
            session.run(shift)
            prefix = v1.train.Saver().save(session, str(folder / 'model.ckpt'), global_step=7)
    (folder / 'pipeline.config').write_text(pipeline_config(spec))
    (folder / 'label_map.pbtxt').write_text(
        ''.join(f'item {{ id: {n + 1} name: "thing {n + 1}" }}\n' for n in range(CLASSES)))
    return prefix


def pipeline_config(spec):
    return f"""# made up
model {{ ssd {{
  num_classes: {CLASSES}
  image_resizer {{ fixed_shape_resizer {{ height: {spec.size[0]} width: {spec.size[1]} }} }}
  feature_extractor {{ type: '{spec.extractor}' depth_multiplier: 1.0, min_depth: 8 }}
  box_coder {{ faster_rcnn_box_coder {{ y_scale: {spec.coder[0]} x_scale: {spec.coder[1]}
    height_scale: {spec.coder[2]} width_scale: {spec.coder[3]} }} }}
  anchor_generator {{ {anchor_config(spec)} }}
  post_processing {{
    batch_non_max_suppression {{ score_threshold: {spec.threshold} iou_threshold: 0.6
      max_detections_per_class: 20 max_total_detections: 50 }}
    score_converter: {spec.converter}
    logit_scale: {spec.logit_scale}
  }}
}} }}
train_config {{ batch_size: {spec.batch} fine_tune_checkpoint: "/nowhere/model.ckpt" }}
train_input_reader: {{ label_map_path: "/nowhere/label_map.pbtxt" }}
eval_config: {{ use_moving_averages: {str(spec.use_averages).lower()} }}
"""


def anchor_config(spec):
    return spec.anchors or SSD_ANCHORS % spec.levels


def values_of(text, name, kind=float):
    """Reads a field of the one-line configs above."""
    import re
    found = []
    for match in re.finditer(rf'\b{name}:\s*(\[[^\]]*\]|\S+)', text):
        found += [kind(it) for it in match[1].strip('[]').split(',')]
    return found


def anchors(spec, grids):
    """The corners [anchors, 4] in float32 as the API's generators make them, and kinds per place."""
    text = anchor_config(spec)
    first = lambda name, default: (values_of(text, name) or [default])[0]  # noqa: E731
    height, width = spec.size
    ratios = values_of(text, 'aspect_ratios')
    parts, kinds = [], []
    if text.startswith('multiscale'):
        octaves = int(first('scales_per_octave', 2))
        for level, grid in zip(range(int(first('min_level', 3)), 99), grids):
            stride = 2**level
            pairs = [(2**(k / octaves), ratio) for ratio in ratios for k in range(octaves)]
            base = [stride * first('anchor_scale', 4)] * 2
            offset = [stride / 2 if side % stride == 0 else 0 for side in spec.size]
            corners = tile(grid, pairs, base, [stride] * 2, offset)
            parts.append(corners * (FLOAT(1) / np.array([height, width] * 2, FLOAT)))
            kinds.append(len(pairs))
        return np.concatenate(parts), kinds
    count = len(grids)
    low, high = (float(FLOAT(first(*it))) for it in (('min_scale', 0.2), ('max_scale', 0.95)))
    scales = [float(FLOAT(it)) for it in values_of(text, r'(?<!_)scales')] or [
        low + (high - low) * i / max(count - 1, 1) for i in range(count)]
    scales.append(1.0)
    interpolated = first('interpolated_scale_aspect_ratio', 1.0)
    shortest = FLOAT(min(height, width))
    base = [shortest / FLOAT(height) * FLOAT(first('base_anchor_height', 1)),
            shortest / FLOAT(width) * FLOAT(first('base_anchor_width', 1))]
    given = {name: values_of(text, name) for name in
             ('height_stride', 'width_stride', 'height_offset', 'width_offset')}
    for level, grid in enumerate(grids):
        pairs = [(scales[level], ratio) for ratio in ratios]
        if interpolated > 0:
            pairs.append(((scales[level] * scales[level + 1])**0.5, interpolated))
        if level == 0 and 'reduce_boxes_in_lowest_layer: false' not in text:
            pairs = [(0.1, 1.0), (scales[0], 2.0), (scales[0], 0.5)]
        side = np.array(spec.size, FLOAT)
        stride = FLOAT(1) / np.array(grid, FLOAT)
        offset = FLOAT(0.5) * stride
        if given['height_stride']:
            stride = np.array([given['height_stride'][level], given['width_stride'][level]], FLOAT) / side
            offset = np.array([given['height_offset'][level], given['width_offset'][level]], FLOAT) / side
        parts.append(tile(grid, pairs, base, stride, offset))
        kinds.append(len(pairs))
    return np.concatenate(parts), kinds


def tile(grid, pairs, base, stride, offset):
    scales = np.array([scale for scale, _ in pairs], FLOAT)
    roots = np.sqrt(np.array([ratio for _, ratio in pairs], FLOAT))
    sizes = np.stack([scales / roots * FLOAT(base[0]), scales * roots * FLOAT(base[1])], 1)
    y = np.arange(grid[0], dtype=FLOAT) * FLOAT(stride[0]) + FLOAT(offset[0])
    x = np.arange(grid[1], dtype=FLOAT) * FLOAT(stride[1]) + FLOAT(offset[1])
    centers = np.stack(np.meshgrid(y, x, indexing='ij'), -1).reshape(-1, 1, 2)
    centers = np.broadcast_to(centers, (len(y) * len(x), len(pairs), 2))
    half = FLOAT(0.5) * sizes
    return np.concatenate([centers - half, centers + half], -1).reshape(-1, 4).astype(FLOAT)


class Inference:
    """The same network built for inference, with the weights of a checkpoint, run by TensorFlow."""

    def __init__(self, spec, prefix, averages=None):
        self.spec = spec
        self.graph = tf.Graph()
        averages = spec.use_averages if averages is None else averages
        with self.graph.as_default():
            self.images = v1.placeholder(tf.uint8, [None, None, None, 3])
            self.outputs = self.build()
            names = {}
            trainable = {variable.op.name for variable in v1.trainable_variables()}
            for variable in v1.global_variables():
                key = variable.op.name
                names[f'{key}/ExponentialMovingAverage' if averages and key in trainable else key] = variable
            self.session = v1.Session()
            v1.train.Saver(names).restore(self.session, prefix)

    def build(self):
        spec = self.spec
        values = tf.cast(self.images, tf.float32)
        values = values - IMAGENET if 'resnet' in spec.extractor else (2 / 255) * values - 1.0
        values = v1.image.resize_bilinear(values, spec.size)
        values.set_shape([None, *spec.size, 3])
        encodings, logits, grids = Builder(spec, False).network(values)
        corners, _ = anchors(spec, grids)
        boxes = decode(encodings, corners, spec.coder)
        convert = {'SIGMOID': tf.sigmoid, 'SOFTMAX': tf.nn.softmax, 'IDENTITY': tf.identity}
        return boxes, convert[spec.converter](logits * (1 / spec.logit_scale))

    def raw(self, images):
        return self.session.run(self.outputs, {self.images: images})

    def rows(self, image):
        """What is left of one image after suppression: boxes, scores, classes."""
        boxes, scores = (it[0] for it in self.raw(image[None]))
        return suppress(boxes, scores, self.spec.threshold)


def decode(encodings, corners, coder):
    low, high = corners[:, :2], corners[:, 2:]
    sizes = high - low
    centers = low + sizes / FLOAT(2)
    scaled = encodings / np.array(coder, FLOAT)
    center = scaled[..., :2] * sizes + centers
    half = tf.exp(scaled[..., 2:]) * sizes / 2.0
    return tf.concat([center - half, center + half], -1)


def suppress(boxes, scores, threshold, per_class=20, total=50, overlap=0.6):
    """As multiclass_non_max_suppression of the API: by class, then clip, drop the empty, best first."""
    found = []
    for column in range(1, scores.shape[1]):
        kept = tf.image.non_max_suppression(
            boxes, scores[:, column], per_class, overlap, score_threshold=float(threshold)).numpy()
        found += [(boxes[i], scores[i, column], column) for i in kept]
    clipped = [(np.clip(box, 0, 1), score, column) for box, score, column in found]
    living = [row for row in clipped if (row[0][2:] > row[0][:2]).all()]
    best = sorted(living, key=lambda row: -row[1])[:total]
    return [np.array([row[k] for row in best]) for k in range(3)]
