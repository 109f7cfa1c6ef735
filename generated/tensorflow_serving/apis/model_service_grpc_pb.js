// GENERATED CODE -- DO NOT EDIT!

'use strict'

const grpc = require('@grpc/grpc-js')
const tensorflow_serving_apis_get_model_status_pb = require('../../tensorflow_serving/apis/get_model_status_pb.js')
const tensorflow_serving_apis_model_management_pb = require('../../tensorflow_serving/apis/model_management_pb.js')

const serialize = (message) => {
  const bytes = message.serializeBinary()
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

const deserialize = (type) => (buffer) =>
  type.deserializeBinary(new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength))

exports.ModelServiceService = {
  getModelStatus: {
    path: '/tensorflow.serving.ModelService/GetModelStatus',
    requestStream: false,
    responseStream: false,
    requestType: tensorflow_serving_apis_get_model_status_pb.GetModelStatusRequest,
    responseType: tensorflow_serving_apis_get_model_status_pb.GetModelStatusResponse,
    requestSerialize: serialize,
    requestDeserialize: deserialize(tensorflow_serving_apis_get_model_status_pb.GetModelStatusRequest),
    responseSerialize: serialize,
    responseDeserialize: deserialize(tensorflow_serving_apis_get_model_status_pb.GetModelStatusResponse),
  },
  handleReloadConfigRequest: {
    path: '/tensorflow.serving.ModelService/HandleReloadConfigRequest',
    requestStream: false,
    responseStream: false,
    requestType: tensorflow_serving_apis_model_management_pb.ReloadConfigRequest,
    responseType: tensorflow_serving_apis_model_management_pb.ReloadConfigResponse,
    requestSerialize: serialize,
    requestDeserialize: deserialize(tensorflow_serving_apis_model_management_pb.ReloadConfigRequest),
    responseSerialize: serialize,
    responseDeserialize: deserialize(tensorflow_serving_apis_model_management_pb.ReloadConfigResponse),
  },
}

exports.ModelServiceClient = grpc.makeGenericClientConstructor(exports.ModelServiceService, 'ModelService')
