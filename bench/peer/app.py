"""The gateway that a TensorFlow Serving tutorial's client becomes when it is put behind HTTP.

FastAPI receives the photo, Pillow decodes all of it, NumPy makes it an array, and the array travels
as it is to the model server, which resizes it by itself. It answers JSON, or the photo with the
boxes drawn on it as a PNG. Endpoints are plain functions, which FastAPI runs on its thread pool:
threads share the interpreter's lock, which Pillow gives up while it decodes but not while it encodes
a PNG.

TF_SERVING_TARGET is the model server's address, MODEL the model that is called. With LITERAL=1 the
pixels are read as the tutorials' load_image_into_numpy_array does it, one Python object a pixel;
otherwise NumPy takes them as they lie in memory.
"""

import io
import os

import grpc
import numpy as np
from fastapi import FastAPI, HTTPException, Response, UploadFile
from PIL import Image, ImageDraw, ImageFont, ImageOps, UnidentifiedImageError
from tensorflow.core.framework import tensor_pb2, types_pb2
from tensorflow_serving.apis import predict_pb2, prediction_service_pb2_grpc

MODEL = os.environ['MODEL']
LITERAL = os.environ.get('LITERAL') == '1'
MIN_SCORE = 0.5
DEADLINE_SECONDS = 10
COLOURS = ['#e6194b', '#3cb44b', '#ffe119', '#4363d8', '#f58231', '#911eb4']

unlimited = [(f'grpc.max_{way}_message_length', -1) for way in ('send', 'receive')]
channel = grpc.insecure_channel(os.environ['TF_SERVING_TARGET'], options=unlimited)
stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
app = FastAPI()


def to_tensor(array):
    """What tf.make_tensor_proto makes of an array of bytes."""
    tensor = tensor_pb2.TensorProto(dtype=types_pb2.DT_UINT8, tensor_content=array.tobytes())
    for size in array.shape:
        tensor.tensor_shape.dim.add(size=size)
    return tensor


def predict(pixels):
    request = predict_pb2.PredictRequest()
    request.model_spec.name = MODEL
    request.model_spec.signature_name = 'serving_default'
    request.inputs['input_tensor'].CopyFrom(to_tensor(pixels[np.newaxis]))
    outputs = stub.Predict(request, DEADLINE_SECONDS).outputs
    boxes, scores, classes = (
        np.array(outputs[f'detection_{part}'].float_val) for part in ('boxes', 'scores', 'classes'))
    return boxes.reshape(-1, 4), scores, classes.astype(int)


def to_array(image):
    if not LITERAL:
        return np.array(image)
    return np.array(image.getdata()).reshape((image.height, image.width, 3)).astype(np.uint8)


def detect(image):
    boxes, scores, classes = predict(to_array(image))
    width, height = image.size
    return [
        {
            'class_id': int(number),
            'score': float(score),
            'box': {
                'x_min': float(box[1]) * width,
                'y_min': float(box[0]) * height,
                'x_max': float(box[3]) * width,
                'y_max': float(box[2]) * height,
            },
        }
        for box, score, number in zip(boxes, scores, classes, strict=True) if score >= MIN_SCORE
    ]


def draw(image, detections):
    canvas = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=max(12, max(image.size) // 60))
    for detection in detections:
        box = detection['box']
        colour = COLOURS[detection['class_id'] % len(COLOURS)]
        corner = (box['x_min'], box['y_min'])
        canvas.rectangle((*corner, box['x_max'], box['y_max']), outline=colour, width=4)
        text = f'{detection["class_id"]}: {detection["score"]:.0%}'
        canvas.rectangle(canvas.textbbox(corner, text, font=font), fill=colour)
        canvas.text(corner, text, fill='black', font=font)


@app.get('/readyz')
def readyz():
    return {'status': 'ready'}


@app.post('/v1/detect')
def detect_photo(image: UploadFile, format: str = 'json'):
    try:
        photo = ImageOps.exif_transpose(Image.open(io.BytesIO(image.file.read()))).convert('RGB')
    except (UnidentifiedImageError, OSError) as error:
        raise HTTPException(422, 'not an image') from error
    detections = detect(photo)
    if format == 'json':
        return {'width': photo.width, 'height': photo.height, 'detections': detections}
    draw(photo, detections)
    buffer = io.BytesIO()
    photo.save(buffer, format)
    return Response(buffer.getvalue(), media_type=f'image/{format}')
