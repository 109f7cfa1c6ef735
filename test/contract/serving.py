"""Serves the SavedModels of a model repository over TensorFlow Serving's gRPC API, for tests.

Usage: serving.py REPOSITORY [--config FILE] [--port PORT] [--poll SECONDS]

TensorFlow loads and runs the models as TensorFlow Serving does: the graph tagged `serve` in a
session, fed and fetched by the tensor names of the signature. PredictionService has Predict,
Classify, Regress and GetModelMetadata, ModelService has GetModelStatus; codes and texts are TensorFlow Serving's.

The models are those of --config, a models.config whose base paths may be another machine's (then
the folder of the same name in REPOSITORY is meant), by default REPOSITORY/models.config; without
one, every folder of REPOSITORY that has a version. New and removed versions are picked up.

Prints `listening on 127.0.0.1:PORT` when the models that were there at the start are loaded.
"""

import argparse
import contextlib
import os
import pathlib
import sys
import threading
from concurrent import futures

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '2')

import grpc  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from google.protobuf import text_format  # noqa: E402
from tensorflow.core.protobuf import config_pb2  # noqa: E402
from tensorflow_serving.apis import (  # noqa: E402
    classification_pb2,
    get_model_metadata_pb2,
    get_model_status_pb2,
    model_pb2,
    model_service_pb2_grpc,
    predict_pb2,
    prediction_service_pb2_grpc,
    regression_pb2,
)
from tensorflow_serving.config import model_server_config_pb2  # noqa: E402

State = get_model_status_pb2.ModelVersionStatus.State
Code = grpc.StatusCode
STATUS_BY_NUMBER = {code.value[0]: code for code in Code}


class Refusal(Exception):
    """An answer that is not OK."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class Version:
    """One version of a model: its files in a TensorFlow session."""

    def __init__(self, directory):
        self.state = State.LOADING
        self.error = (0, '')
        self.calls = 0
        try:
            self._load(directory)
            self.state = State.AVAILABLE
        except Exception as error:  # Whatever TensorFlow raises is this version's status.
            self.state = State.END
            self.error = (getattr(error, 'error_code', Code.UNKNOWN.value[0]), plain_text(error))

    def _load(self, directory):
        graph = tf.Graph()
        with graph.as_default():
            self.session = tf.compat.v1.Session(graph=graph)
            meta_graph = tf.compat.v1.saved_model.load(self.session, ['serve'], str(directory))
        self.signatures = meta_graph.signature_def

    def run(self, signature, inputs, outputs):
        feeds = [signature.inputs[alias].name for alias in inputs]
        fetches = [signature.outputs[alias].name for alias in outputs]
        # Unlike Session.run, this leaves it to the graph to refuse a shape, in its own words.
        options = config_pb2.CallableOptions(feed=feeds, fetch=fetches)
        call = self.session._make_callable_from_options(options)
        return dict(zip(outputs, call(*inputs.values()), strict=True))


class Repository:
    """The models that are served, by name, and their versions by number."""

    def __init__(self, folder, config):
        self.folder = folder
        self.config = config
        self.models = {}
        self.changed = threading.Condition()

    def refresh(self):
        """Loads versions that have come, then unloads those that have gone."""
        wanted = dict(self._wanted())
        for name, directories in wanted.items():
            versions = self.models.get(name, {})
            loaded = {
                number: Version(directories[number])
                for number in sorted(directories.keys() - versions.keys())
            }
            with self.changed:
                self.models[name] = versions | loaded
        for name, versions in self.models.items():
            for number in versions.keys() - wanted.get(name, {}).keys():
                self._unload(versions[number])

    def _unload(self, version):
        """Takes no more calls, waits for those that run, and frees the version."""
        with self.changed:
            if version.state != State.AVAILABLE:
                return
            version.state = State.UNLOADING
            self.changed.wait_for(lambda: version.calls == 0)
            version.state = State.END
        version.session.close()

    @contextlib.contextmanager
    def use(self, spec):
        """Gives the version that a ModelSpec means, with its number; it stays loaded meanwhile."""
        with self.changed:
            number, version = self._find(spec)
            version.calls += 1
        try:
            yield number, version
        finally:
            with self.changed:
                version.calls -= 1
                self.changed.notify_all()

    def _wanted(self):
        if self.config.is_file():
            server = model_server_config_pb2.ModelServerConfig()
            text_format.Parse(self.config.read_text(), server)
            for model in server.model_config_list.config:
                yield model.name, chosen_versions(self._base(model), model.model_version_policy)
        else:
            latest = model_server_config_pb2.ModelConfig().model_version_policy
            for folder in sorted(self.folder.iterdir()):
                if versions_in(folder):
                    yield folder.name, chosen_versions(folder, latest)

    def _base(self, model):
        base = pathlib.Path(model.base_path)
        return base if base.is_dir() else self.folder / base.name

    def _find(self, spec):
        if not spec.name:
            raise Refusal(Code.INVALID_ARGUMENT, 'ModelSpec has no name specified.')
        if spec.WhichOneof('version_choice') == 'version_label':
            text = f'Unrecognized servable version label: {spec.version_label}'
            raise Refusal(Code.INVALID_ARGUMENT, text)
        named = spec.version.value if spec.HasField('version') else None
        versions = self.models.get(spec.name, {})
        available = [number for number, it in versions.items() if it.state == State.AVAILABLE]
        number = max(available, default=None) if named is None else named
        if number not in available:
            wanted = f'Latest({spec.name})' if named is None else f'Specific({spec.name}, {named})'
            raise Refusal(Code.NOT_FOUND, f'Servable not found for request: {wanted}')
        return number, versions[number]


def versions_in(folder):
    """The version folders of a model by number."""
    if not folder.is_dir():
        return {}
    return {int(it.name): it for it in folder.iterdir() if it.name.isdigit() and it.is_dir()}


def chosen_versions(folder, policy):
    """The version folders that a ServableVersionPolicy serves."""
    versions = versions_in(folder)
    kind = policy.WhichOneof('policy_choice')
    if kind == 'specific':
        numbers = [number for number in policy.specific.versions if number in versions]
    elif kind == 'all':
        numbers = list(versions)
    else:
        numbers = sorted(versions)[-max(1, policy.latest.num_versions):]
    return {number: versions[number] for number in numbers}


def plain_text(error):
    """An error's text without the Python stack that TensorFlow appends."""
    return str(getattr(error, 'message', None) or error).split('\n\nOriginal stack trace')[0]


class PredictionService(prediction_service_pb2_grpc.PredictionServiceServicer):
    """Answers all methods but MultiInference, which is UNIMPLEMENTED."""

    def __init__(self, repository):
        self.repository = repository

    def Predict(self, request, context):
        return answer(context, self._predict, request)

    def Classify(self, request, context):
        return answer(context, self._classify, request)

    def Regress(self, request, context):
        return answer(context, self._regress, request)

    def GetModelMetadata(self, request, context):
        return answer(context, self._metadata, request)

    def _predict(self, request):
        spec = required_spec(request)
        with self.repository.use(spec) as (number, version):
            name = spec.signature_name or 'serving_default'
            if name not in version.signatures:
                text = f'Serving signature key "{name}" not found.'
                raise Refusal(Code.FAILED_PRECONDITION, text)
            signature = version.signatures[name]
            inputs = read_inputs(request.inputs, signature)
            outputs = wanted_outputs(request.output_filter, signature)
            response = predict_pb2.PredictResponse()
            fill_spec(response.model_spec, spec.name, number)
            response.model_spec.signature_name = name
            for alias, value in version.run(signature, inputs, outputs).items():
                response.outputs[alias].CopyFrom(to_proto(value))
            return response

    def _classify(self, request):
        with self._examples(request) as (spec, examples, signature, run):
            found = len(signature.outputs)
            if not 1 <= found <= 2:
                text = f'Expected one or two output Tensors, found {found}'
                raise Refusal(Code.INVALID_ARGUMENT, text)
            outputs = run([it for it in ('classes', 'scores') if it in signature.outputs])
            if not outputs:
                text = 'Expected classification signature outputs to contain at least one of'
                raise Refusal(Code.INVALID_ARGUMENT, f'{text} "classes" or "scores".')
            response = classification_pb2.ClassificationResponse(model_spec=spec)
            for row in range(len(examples)):
                classes = response.result.classifications.add().classes
                for column in range(next(iter(outputs.values())).shape[1]):
                    one = classes.add()
                    if 'classes' in outputs:
                        one.label = outputs['classes'][row, column]
                    if 'scores' in outputs:
                        one.score = outputs['scores'][row, column]
            return response

    def _regress(self, request):
        with self._examples(request) as (spec, _, signature, run):
            if len(signature.outputs) != 1:
                raise Refusal(Code.INVALID_ARGUMENT, 'Expected one output Tensor.')
            response = regression_pb2.RegressionResponse(model_spec=spec)
            for value in run(['outputs'])['outputs'].ravel():
                response.result.regressions.add(value=value)
            return response

    @contextlib.contextmanager
    def _examples(self, request):
        """Puts the serialized Examples of a request into the only input of its signature."""
        spec = required_spec(request)
        with self.repository.use(spec) as (number, version):
            name = spec.signature_name or 'serving_default'
            if name not in version.signatures:
                text = f'No signature was found with the name: {name}'
                raise Refusal(Code.INVALID_ARGUMENT, text)
            signature = version.signatures[name]
            if len(signature.inputs) != 1:
                raise Refusal(Code.INVALID_ARGUMENT, 'Expected one input Tensor.')
            examples = [it.SerializeToString() for it in request.input.example_list.examples]
            if not examples:
                raise Refusal(Code.INVALID_ARGUMENT, 'Input is empty.')
            inputs = {'inputs': np.array(examples, object)}
            answered = model_pb2.ModelSpec()
            fill_spec(answered, spec.name, number)
            answered.signature_name = name
            yield answered, examples, signature, lambda it: version.run(signature, inputs, it)

    def _metadata(self, request):
        spec = required_spec(request)
        if not request.metadata_field:
            text = 'GetModelMetadataRequest must specify at least one metadata_field'
            raise Refusal(Code.INVALID_ARGUMENT, text)
        for field in request.metadata_field:
            if field != 'signature_def':
                text = f'Metadata field {field} is not supported'
                raise Refusal(Code.INVALID_ARGUMENT, text)
        with self.repository.use(spec) as (number, version):
            signatures = get_model_metadata_pb2.SignatureDefMap()
            for name, signature in version.signatures.items():
                signatures.signature_def[name].CopyFrom(signature)
        response = get_model_metadata_pb2.GetModelMetadataResponse()
        fill_spec(response.model_spec, spec.name, number)
        response.metadata['signature_def'].Pack(signatures)
        return response


class ModelService(model_service_pb2_grpc.ModelServiceServicer):
    """Answers GetModelStatus; HandleReloadConfigRequest is UNIMPLEMENTED."""

    def __init__(self, repository):
        self.repository = repository

    def GetModelStatus(self, request, context):
        return answer(context, self._status, request)

    def _status(self, request):
        spec = required_spec(request)
        versions = self.repository.models.get(spec.name, {})
        if not versions:
            text = f'Could not find any versions of model {spec.name}'
            raise Refusal(Code.NOT_FOUND, text)
        numbers = sorted(versions, reverse=True)
        if spec.HasField('version'):
            if spec.version.value not in versions:
                text = f'Could not find version {spec.version.value} of model {spec.name}'
                raise Refusal(Code.NOT_FOUND, text)
            numbers = [spec.version.value]
        response = get_model_status_pb2.GetModelStatusResponse()
        for number in numbers:
            code, message = versions[number].error
            status = response.model_version_status.add(version=number, state=versions[number].state)
            status.status.error_code = code
            status.status.error_message = message
        return response


def answer(context, method, request):
    """Runs a method; a refusal, or TensorFlow's own error, becomes the call's status."""
    try:
        return method(request)
    except Refusal as refusal:
        context.abort(refusal.code, str(refusal))
    except tf.errors.OpError as error:
        context.abort(STATUS_BY_NUMBER[error.error_code], plain_text(error))


def required_spec(request):
    if not request.HasField('model_spec'):
        raise Refusal(Code.INVALID_ARGUMENT, 'Missing ModelSpec')
    return request.model_spec


def fill_spec(spec, name, number):
    spec.name = name
    spec.version.value = number


def read_inputs(sent, signature):
    """The arrays that were sent, by alias."""
    expected = signature.inputs
    if len(sent) != len(expected):
        lists = [','.join(sorted(names)) for names in (
            sent, expected, sent.keys() - expected.keys(), expected.keys() - sent.keys())]
        raise Refusal(
            Code.INVALID_ARGUMENT,
            f'input size does not match signature: {len(sent)}!={len(expected)} '
            f'len({{{lists[0]}}}) != len({{{lists[1]}}}). Sent extra: {{{lists[2]}}}. '
            f'Missing but required: {{{lists[3]}}}.')
    for alias in expected:
        if alias not in sent:
            raise Refusal(
                Code.INVALID_ARGUMENT,
                f'Signature input alias: {alias}(feed name: {expected[alias].name}) not found in '
                'request and no default value provided. Inputs expected to be in the request '
                f'{{{",".join(sorted(sent))}}}, or default input alias set: ')
    return {
        alias: read_input(position, alias, sent[alias], info.dtype)
        for position, (alias, info) in enumerate(expected.items())
    }


def read_input(position, alias, proto, dtype):
    try:
        value = tf.make_ndarray(proto)
    except (TypeError, ValueError, KeyError) as error:
        raise Refusal(Code.INVALID_ARGUMENT, f'tensor parsing error: {alias}') from error
    if proto.dtype != dtype:
        names = [tf.as_dtype(number).name for number in (dtype, proto.dtype)]
        text = f'Expects arg[{position}] to be {names[0]} but {names[1]} is provided'
        raise Refusal(Code.INVALID_ARGUMENT, text.replace('float32', 'float'))
    return value


def wanted_outputs(output_filter, signature):
    for alias in output_filter:
        if alias not in signature.outputs:
            known = ','.join(sorted(signature.outputs))
            raise Refusal(
                Code.INVALID_ARGUMENT,
                f'output tensor alias not found in signature: {alias} '
                f'Outputs expected to be in the set {{{known}}}.')
    if len(set(output_filter)) < len(output_filter):
        twice = next(alias for alias in output_filter if list(output_filter).count(alias) > 1)
        raise Refusal(Code.INVALID_ARGUMENT, f'duplicate output tensor alias: {twice}')
    return list(output_filter) or list(signature.outputs)


def to_proto(value):
    """An array as TensorFlow Serving sends it: floats as typed values, not as bytes."""
    if value.dtype != 'float32':
        return tf.make_tensor_proto(value)
    proto = tf.make_tensor_proto(0.0, shape=[])
    proto.tensor_shape.CopyFrom(tf.TensorShape(value.shape).as_proto())
    proto.float_val[:] = value.ravel().tolist()
    return proto


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('repository', type=pathlib.Path)
    parser.add_argument('--config', type=pathlib.Path)
    parser.add_argument('--port', type=int, default=0)
    parser.add_argument('--poll', type=float, default=1)
    options = parser.parse_args()

    config = options.config or options.repository / 'models.config'
    repository = Repository(options.repository, config)
    repository.refresh()
    for name, versions in repository.models.items():
        for number, version in versions.items():
            print(name, number, State.Name(version.state), version.error[1], file=sys.stderr)

    unlimited = [(f'grpc.max_{way}_message_length', -1) for way in ('send', 'receive')]
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8), options=unlimited)
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(
        PredictionService(repository), server)
    model_service_pb2_grpc.add_ModelServiceServicer_to_server(ModelService(repository), server)
    port = server.add_insecure_port(f'127.0.0.1:{options.port}')
    server.start()
    print(f'listening on 127.0.0.1:{port}', flush=True)
    while not threading.Event().wait(options.poll):
        repository.refresh()


if __name__ == '__main__':
    main()
