"""Starts a KServe ModelServer with models around the finder of rectangles.

Usage: kserve_server.py --http_port N --grpc_port N
"""
import argparse

import rectangles
from kserve import InferOutput, InferResponse, Model, ModelServer, model_server


class Detector(Model):
    """Answers typed, as KServe does by default; `binary` models answer raw, `declared` ones say what they take."""

    def __init__(self, name, binary=False, declared=True):
        super().__init__(name)
        self.ready = True
        self.binary = binary
        self.declared = declared

    async def get_input_types(self):
        return [{'name': 'image', 'datatype': 'UINT8', 'shape': [-1, -1, -1, 3]}] if self.declared else []

    async def get_output_types(self):
        shapes = {'detection_boxes': [-1, 3, 4], 'detection_scores': [-1, 3], 'detection_classes': [-1, 3],
                  'num_detections': [-1]}
        return [{'name': name, 'datatype': 'FP32', 'shape': shape} for name, shape in shapes.items()] if self.declared else []

    async def predict(self, payload, headers=None, response_headers=None):
        images = payload.inputs[0].as_numpy()
        if images.dtype == object:
            images = rectangles.decode(images)
        outputs = []
        for name, values in rectangles.outputs(images).items():
            output = InferOutput(name=name, shape=list(values.shape), datatype='FP32')
            output.set_data_from_numpy(values, binary_data=self.binary)
            outputs.append(output)
        return InferResponse(response_id=payload.id, model_name=self.name, infer_outputs=outputs)


class Raising(Detector):
    async def predict(self, payload, headers=None, response_headers=None):
        raise ValueError('boom')


if __name__ == '__main__':
    args, _ = argparse.ArgumentParser(parents=[model_server.parser]).parse_known_args()
    ModelServer(http_port=args.http_port, grpc_port=args.grpc_port, workers=1, enable_latency_logging=False).start([
        Detector('kserve_pixels'), Detector('kserve_raw', binary=True), Detector('kserve_silent', declared=False),
        Detector('kserve_encoded', declared=False), Raising('kserve_raising')])
