"""Makes the models that the export contract exports: with TensorFlow itself, as people have them."""

import functools
import os

import numpy as np
import tensorflow as tf

v1 = tf.compat.v1
# Loops and conditions as TensorFlow 1 wrote them; in a tf.function they are functions all the same.
v1.disable_control_flow_v2()

OUTPUTS = ('detection_boxes', 'detection_scores', 'detection_classes', 'num_detections')
CLASSES = 3
ANCHORS = 2


def fixed_resizer(image):
    with v1.name_scope('ResizeImage'):
        resized = v1.image.resize_images(image[None], [32, 48])
    return resized[0]


def keep_aspect_resizer(image, smallest=40, largest=64):
    """Resizes as the Object Detection API does for keep_aspect_ratio_resizer."""
    with v1.name_scope('ResizeToRange'):
        size = tf.cast(tf.shape(image)[:2], tf.float32)
        low = tf.constant(smallest, tf.float32) / tf.minimum(size[0], size[1])
        high = tf.constant(largest, tf.float32) / tf.maximum(size[0], size[1])
        large = tf.cast(tf.round(size * low), tf.int32)
        small = tf.cast(tf.round(size * high), tf.int32)
        fits = tf.cast(tf.reduce_max(large), tf.float32) <= largest
        target = v1.cond(fits, lambda: large, lambda: small)
        return v1.image.resize_images(image[None], target)[0]


def detector(image_shape=(None, None, None, 3), resizer=fixed_resizer, variables=None, device=None):
    """Builds a small detector with the node names of the Object Detection API in the current graph."""
    rng = np.random.default_rng(7)
    weights = functools.partial(make_weights, rng, variables or v1.get_variable)
    images = v1.placeholder(tf.uint8, image_shape, 'image_tensor')
    with v1.name_scope('Preprocessor'):
        floats = tf.cast(images, tf.float32)
        if resizer is not None:
            floats = v1.map_fn(resizer, floats)
        pixels = floats * (2 / 255) - 1
    features = pixels
    for layer, (channels, outputs) in enumerate([(3, 8), (8, 16)]):
        with v1.variable_scope(f'FeatureExtractor/Conv2d_{layer}'), v1.device(device and device(layer)):
            kernel = weights('weights', [3, 3, channels, outputs])
            features = tf.nn.relu(v1.nn.conv2d(features, kernel, strides=4, padding='SAME')
                                  + weights('biases', [outputs]))
    pooled = tf.reduce_mean(features, [1, 2], keepdims=True)
    with v1.variable_scope('BoxPredictor_0/BoxEncodingPredictor'):
        boxes = head(weights, pooled, ANCHORS * 4, 4)
    with v1.variable_scope('BoxPredictor_0/ClassPredictor'):
        scores = tf.sigmoid(head(weights, pooled, ANCHORS * (CLASSES + 1), CLASSES + 1)[..., 1:])
    corners = tf.sigmoid(boxes)
    tf.identity(tf.sort(corners, axis=-1), 'detection_boxes')
    tf.identity(tf.reduce_max(scores, -1), 'detection_scores')
    tf.identity(tf.cast(tf.argmax(scores, -1), tf.float32) + 1, 'detection_classes')
    count = tf.fill(tf.shape(scores)[:1], float(ANCHORS))
    tf.identity(count, 'num_detections')


def head(weights, features, outputs, width):
    kernel = weights('weights', [1, 1, 16, outputs])
    flat = v1.nn.conv2d(features, kernel, strides=1, padding='SAME') + weights('biases', [outputs])
    return tf.reshape(flat, [-1, ANCHORS, width])


def make_weights(rng, variables, name, shape):
    seed = int(rng.integers(1000))
    return variables(name, shape, initializer=v1.random_normal_initializer(seed=seed))


def partitioned(name, shape, initializer):
    splits = [1] * (len(shape) - 1) + [2]
    partitioner = v1.fixed_size_partitioner(2, axis=len(splits) - 1)
    return tf.convert_to_tensor(
        v1.get_variable(name, shape, initializer=initializer, partitioner=partitioner))


def resource(name, shape, initializer):
    return v1.get_variable(name, shape, initializer=initializer, use_resource=True)


class Model:
    """A detector in a session of its own."""

    def __init__(self, devices=1, **options):
        self.graph = tf.Graph()
        config = v1.ConfigProto(device_count={'CPU': devices})
        with self.graph.as_default():
            detector(**options)
            self.session = v1.Session(graph=self.graph, config=config)
            self.session.run(v1.global_variables_initializer())

    def freeze(self, path):
        frozen = v1.graph_util.convert_variables_to_constants(
            self.session, self.graph.as_graph_def(), OUTPUTS)
        path.write_bytes(frozen.SerializeToString())
        return path

    def checkpoint(self, prefix, **options):
        with self.graph.as_default():
            v1.train.Saver(**options).save(self.session, str(prefix))
        return prefix

    def saved_model(self, directory, **options):
        tensor = self.graph.get_tensor_by_name
        with self.graph.as_default():
            signature = v1.saved_model.predict_signature_def(
                {'inputs': tensor('image_tensor:0')},
                {name: tensor(f'{name}:0') for name in OUTPUTS})
            builder = v1.saved_model.Builder(str(directory))
            builder.add_meta_graph_and_variables(
                self.session, options.pop('tags', ['serve']),
                {options.pop('name', 'serving_default'): signature}, **options)
            builder.save()
        return directory


def training_checkpoint(prefix):
    """A graph that reads its own data and has gradients, as a trainer saves it."""
    with tf.Graph().as_default():
        data = v1.data.make_one_shot_iterator(tf.data.Dataset.from_tensors(np.ones((1, 4), np.float32)))
        weights = v1.get_variable('weights', [4, 1])
        loss = tf.reduce_sum(tf.matmul(data.get_next(), weights))
        v1.train.AdamOptimizer().minimize(loss)
        with v1.Session() as session:
            session.run(v1.global_variables_initializer())
            v1.train.Saver().save(session, str(prefix))
    return prefix


class Module(tf.Module):
    """A detector as TensorFlow 2 writes it: variables as objects, everything else in functions."""

    def __init__(self, words):
        rng = np.random.default_rng(3)
        self.kernel = tf.Variable(rng.normal(0, 1, (3, 3, 3, 8)).astype(np.float32))
        self.words = tf.Variable(['', 'a', 'b' * 300])
        with open(words, 'w', encoding='utf-8') as file:
            file.write('one\ntwo\n')
        self.asset = tf.saved_model.Asset(words)

    @tf.function(input_signature=[tf.TensorSpec([1, None, None, 3], tf.uint8, 'input_tensor')])
    def __call__(self, input_tensor):
        with tf.name_scope('Preprocessor'):
            image = keep_aspect_resizer(tf.cast(input_tensor, tf.float32)[0])[None]
        features = tf.reduce_mean(tf.nn.conv2d(image / 255, self.kernel, 2, 'SAME'), [1, 2])
        boxes = tf.sort(tf.sigmoid(tf.reshape(features, [1, 2, 4])), axis=-1)
        return {
            'detection_boxes': boxes,
            'detection_scores': tf.sigmoid(features[:, :2]),
            'detection_classes': tf.ones([1, 2]),
            'num_detections': tf.constant([2.0]),
        }


def huge_frozen_graph(path, tensors, floats):
    """Writes a frozen graph with many large weights: a small detector, and chains of weights beside it."""
    Model().freeze(path)
    values = np.random.default_rng(1).normal(0, 1, floats).astype(np.float32)
    with open(path, 'ab') as file:
        for index in range(tensors):
            graph = v1.GraphDef()
            weight = graph.node.add(name=f'Huge_{index}/weights', op='Const')
            weight.attr['dtype'].type = tf.float32.as_datatype_enum
            weight.attr['value'].tensor.CopyFrom(tf.make_tensor_proto(values + index))
            read = graph.node.add(name=f'{weight.name}/read', op='Identity', input=[weight.name])
            read.attr['T'].type = tf.float32.as_datatype_enum
            file.write(graph.SerializeToString())
    return path


def oversized_frozen_graph(path, tensors, floats):
    """Writes the same of any size in no space: the weights are holes in the file."""
    Model().freeze(path)
    with open(path, 'r+b') as file:
        file.seek(0, os.SEEK_END)
        for index in range(tensors):
            file.write(hollow_constant(f'Huge_{index}', floats))
            file.seek(4 * floats - 1, os.SEEK_CUR)
            file.write(b'\0')
    return path


def hollow_constant(name, floats):
    """The bytes of a node up to the content of its tensor, which has to follow."""
    def field(number, content_length, content=b''):
        return varint(number << 3 | 2) + varint(content_length) + content

    size = 4 * floats
    shape = tf.TensorShape([floats]).as_proto().SerializeToString()
    tensor = b'\x08\x01' + field(2, len(shape), shape) + field(4, size)
    value = field(8, len(tensor) + size) + tensor
    key = field(1, len('value'), b'value')
    entry = key + field(2, len(value) + size) + value
    node = v1.NodeDef(name=name, op='Const')
    node.attr['dtype'].type = tf.float32.as_datatype_enum
    content = node.SerializeToString() + field(5, len(entry) + size) + entry
    return field(1, len(content) + size) + content


def varint(value):
    encoded = b''
    while value > 127:
        encoded += bytes([value & 127 | 128])
        value >>= 7
    return encoded + bytes([value])
