"""The runtimes that MLServer loads."""
import rectangles
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceResponse


class Detector(MLModel):
    async def load(self):
        return True

    async def predict(self, payload):
        tensor = payload.inputs[0]
        if tensor.datatype == 'BYTES':
            images = rectangles.decode(tensor.data.root)
        else:
            images = NumpyCodec.decode_input(tensor)
        found = rectangles.outputs(images)
        return InferenceResponse(
            model_name=self.name, model_version=self.version,
            outputs=[NumpyCodec.encode_output(name, values) for name, values in found.items()])


class Raising(Detector):
    async def predict(self, payload):
        raise ValueError('boom')


class NeverReady(Detector):
    async def load(self):
        return False
