"""Writes a model repository of Triton's Python backend.

Usage: triton.py DIRECTORY [MODEL...]     all models unless some are named
"""
import pathlib
import shutil
import sys

HEAD = '''import pathlib, sys
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import triton_python_backend_utils as pb
import rectangles
'''
DETECT = HEAD + '''
class TritonPythonModel:
    def execute(self, requests):
        answers = []
        for request in requests:
            images = pb.get_input_tensor_by_name(request, 'image').as_numpy()
            if images.dtype == object:
                images = rectangles.decode(images)
            answers.append(pb.InferenceResponse(output_tensors=[
                pb.Tensor(name, values.reshape(-1, 1) if COLUMN and name == 'num_detections' else values)
                for name, values in rectangles.outputs(images).items()]))
        return answers
'''
RAISE = HEAD + '''
class TritonPythonModel:
    def execute(self, requests):
        raise ValueError('boom')
'''
OUTPUTS = '''output [
  {{ name: "detection_boxes" data_type: TYPE_FP32 dims: [ {batch}3, 4 ] }},
  {{ name: "detection_scores" data_type: TYPE_FP32 dims: [ {batch}3 ] }},
  {{ name: "detection_classes" data_type: TYPE_FP32 dims: [ {batch}3 ] }},
  {{ name: "num_detections" data_type: TYPE_FP32 dims: [ {count} ] }}
]
instance_group [ {{ kind: KIND_CPU count: 1 }} ]
'''
FREE = OUTPUTS.format(batch='-1, ', count='-1')
BATCHED = OUTPUTS.format(batch='', count='1')
PIXELS = 'input [ { name: "image" data_type: TYPE_UINT8 dims: [ -1, -1, -1, 3 ] } ]\n'
HALVES = PIXELS.replace('UINT8', 'FP16')
ENCODED = 'input [ { name: "image" data_type: TYPE_STRING dims: [ -1 ] } ]\n'
FOUR = 'max_batch_size: 4\ninput [ { name: "image" data_type: TYPE_UINT8 dims: [ -1, -1, 3 ] } ]\n'


def put(root, name, config, code, versions=('1',)):
    if sys.argv[2:] and name not in sys.argv[2:]:
        return
    folder = root / name
    for version in versions:
        (folder / version).mkdir(parents=True)
        (folder / version / 'model.py').write_text(code)
        shutil.copy(pathlib.Path(__file__).parent / 'rectangles.py', folder / version)
    (folder / 'config.pbtxt').write_text(f'name: "{name}"\nbackend: "python"\n{config}')


def main(root):
    flat = DETECT.replace('COLUMN', 'False')
    every = 'version_policy: { all: {} }\n'
    put(root, 'triton_pixels', every + PIXELS + FREE, flat, ('1', '3'))
    put(root, 'triton_half', HALVES + FREE, flat)
    put(root, 'triton_encoded', ENCODED + FREE, flat)
    put(root, 'triton_four', FOUR + BATCHED, DETECT.replace('COLUMN', 'True'))
    put(root, 'triton_shared', PIXELS + FREE, flat)
    put(root, 'triton_raising', PIXELS + FREE, RAISE)
    put(root, 'triton_broken', PIXELS + FREE, 'raise RuntimeError("boom")\n')


if __name__ == '__main__':
    main(pathlib.Path(sys.argv[1]))
