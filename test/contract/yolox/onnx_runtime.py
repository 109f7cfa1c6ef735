"""The runtime that MLServer loads: a network in ONNX Runtime, its inputs and outputs as they are."""
import onnxruntime
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceResponse


class Network(MLModel):
    async def load(self):
        self.session = onnxruntime.InferenceSession(self.settings.parameters.uri)
        return True

    async def predict(self, payload):
        inputs = {it.name: NumpyCodec.decode_input(it) for it in payload.inputs}
        names = [it.name for it in self.session.get_outputs()]
        outputs = zip(names, self.session.run(names, inputs), strict=True)
        return InferenceResponse(
            model_name=self.name, model_version=self.version,
            outputs=[NumpyCodec.encode_output(name, values) for name, values in outputs])
