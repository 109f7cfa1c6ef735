// GENERATED CODE -- DO NOT EDIT!

'use strict'

const grpc = require('@grpc/grpc-js')
const tensorflow_serving_apis_classification_pb = require('../../tensorflow_serving/apis/classification_pb.js')
const tensorflow_serving_apis_get_model_metadata_pb = require('../../tensorflow_serving/apis/get_model_metadata_pb.js')
const tensorflow_serving_apis_inference_pb = require('../../tensorflow_serving/apis/inference_pb.js')
const tensorflow_serving_apis_predict_pb = require('../../tensorflow_serving/apis/predict_pb.js')
const tensorflow_serving_apis_regression_pb = require('../../tensorflow_serving/apis/regression_pb.js')

const serialize = (message) => {
  const bytes = message.serializeBinary()
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

const deserialize = (type) => (buffer) =>
  type.deserializeBinary(new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength))

exports.PredictionServiceService = {
  classify: {
    path: '/tensorflow.serving.PredictionService/Classify',
    requestStream: false,
    responseStream: false,
    requestType: tensorflow_serving_apis_classification_pb.ClassificationRequest,
    responseType: tensorflow_serving_apis_classification_pb.ClassificationResponse,
    requestSerialize: serialize,
    requestDeserialize: deserialize(tensorflow_serving_apis_classification_pb.ClassificationRequest),
    responseSerialize: serialize,
    responseDeserialize: deserialize(tensorflow_serving_apis_classification_pb.ClassificationResponse),
  },
  regress: {
    path: '/tensorflow.serving.PredictionService/Regress',
    requestStream: false,
    responseStream: false,
    requestType: tensorflow_serving_apis_regression_pb.RegressionRequest,
    responseType: tensorflow_serving_apis_regression_pb.RegressionResponse,
    requestSerialize: serialize,
    requestDeserialize: deserialize(tensorflow_serving_apis_regression_pb.RegressionRequest),
    responseSerialize: serialize,
    responseDeserialize: deserialize(tensorflow_serving_apis_regression_pb.RegressionResponse),
  },
  predict: {
    path: '/tensorflow.serving.PredictionService/Predict',
    requestStream: false,
    responseStream: false,
    requestType: tensorflow_serving_apis_predict_pb.PredictRequest,
    responseType: tensorflow_serving_apis_predict_pb.PredictResponse,
    requestSerialize: serialize,
    requestDeserialize: deserialize(tensorflow_serving_apis_predict_pb.PredictRequest),
    responseSerialize: serialize,
    responseDeserialize: deserialize(tensorflow_serving_apis_predict_pb.PredictResponse),
  },
  multiInference: {
    path: '/tensorflow.serving.PredictionService/MultiInference',
    requestStream: false,
    responseStream: false,
    requestType: tensorflow_serving_apis_inference_pb.MultiInferenceRequest,
    responseType: tensorflow_serving_apis_inference_pb.MultiInferenceResponse,
    requestSerialize: serialize,
    requestDeserialize: deserialize(tensorflow_serving_apis_inference_pb.MultiInferenceRequest),
    responseSerialize: serialize,
    responseDeserialize: deserialize(tensorflow_serving_apis_inference_pb.MultiInferenceResponse),
  },
  getModelMetadata: {
    path: '/tensorflow.serving.PredictionService/GetModelMetadata',
    requestStream: false,
    responseStream: false,
    requestType: tensorflow_serving_apis_get_model_metadata_pb.GetModelMetadataRequest,
    responseType: tensorflow_serving_apis_get_model_metadata_pb.GetModelMetadataResponse,
    requestSerialize: serialize,
    requestDeserialize: deserialize(tensorflow_serving_apis_get_model_metadata_pb.GetModelMetadataRequest),
    responseSerialize: serialize,
    responseDeserialize: deserialize(tensorflow_serving_apis_get_model_metadata_pb.GetModelMetadataResponse),
  },
}

exports.PredictionServiceClient = grpc.makeGenericClientConstructor(exports.PredictionServiceService, 'PredictionService')
