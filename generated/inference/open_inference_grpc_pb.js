// GENERATED CODE -- DO NOT EDIT!

'use strict'

const grpc = require('@grpc/grpc-js')
const inference_open_inference_pb = require('../inference/open_inference_pb.js')

const serialize = (message) => {
  const bytes = message.serializeBinary()
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

const deserialize = (type) => (buffer) =>
  type.deserializeBinary(new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength))

exports.GRPCInferenceServiceService = {
  serverLive: {
    path: '/inference.GRPCInferenceService/ServerLive',
    requestStream: false,
    responseStream: false,
    requestType: inference_open_inference_pb.ServerLiveRequest,
    responseType: inference_open_inference_pb.ServerLiveResponse,
    requestSerialize: serialize,
    requestDeserialize: deserialize(inference_open_inference_pb.ServerLiveRequest),
    responseSerialize: serialize,
    responseDeserialize: deserialize(inference_open_inference_pb.ServerLiveResponse),
  },
  serverReady: {
    path: '/inference.GRPCInferenceService/ServerReady',
    requestStream: false,
    responseStream: false,
    requestType: inference_open_inference_pb.ServerReadyRequest,
    responseType: inference_open_inference_pb.ServerReadyResponse,
    requestSerialize: serialize,
    requestDeserialize: deserialize(inference_open_inference_pb.ServerReadyRequest),
    responseSerialize: serialize,
    responseDeserialize: deserialize(inference_open_inference_pb.ServerReadyResponse),
  },
  modelReady: {
    path: '/inference.GRPCInferenceService/ModelReady',
    requestStream: false,
    responseStream: false,
    requestType: inference_open_inference_pb.ModelReadyRequest,
    responseType: inference_open_inference_pb.ModelReadyResponse,
    requestSerialize: serialize,
    requestDeserialize: deserialize(inference_open_inference_pb.ModelReadyRequest),
    responseSerialize: serialize,
    responseDeserialize: deserialize(inference_open_inference_pb.ModelReadyResponse),
  },
  serverMetadata: {
    path: '/inference.GRPCInferenceService/ServerMetadata',
    requestStream: false,
    responseStream: false,
    requestType: inference_open_inference_pb.ServerMetadataRequest,
    responseType: inference_open_inference_pb.ServerMetadataResponse,
    requestSerialize: serialize,
    requestDeserialize: deserialize(inference_open_inference_pb.ServerMetadataRequest),
    responseSerialize: serialize,
    responseDeserialize: deserialize(inference_open_inference_pb.ServerMetadataResponse),
  },
  modelMetadata: {
    path: '/inference.GRPCInferenceService/ModelMetadata',
    requestStream: false,
    responseStream: false,
    requestType: inference_open_inference_pb.ModelMetadataRequest,
    responseType: inference_open_inference_pb.ModelMetadataResponse,
    requestSerialize: serialize,
    requestDeserialize: deserialize(inference_open_inference_pb.ModelMetadataRequest),
    responseSerialize: serialize,
    responseDeserialize: deserialize(inference_open_inference_pb.ModelMetadataResponse),
  },
  modelInfer: {
    path: '/inference.GRPCInferenceService/ModelInfer',
    requestStream: false,
    responseStream: false,
    requestType: inference_open_inference_pb.ModelInferRequest,
    responseType: inference_open_inference_pb.ModelInferResponse,
    requestSerialize: serialize,
    requestDeserialize: deserialize(inference_open_inference_pb.ModelInferRequest),
    responseSerialize: serialize,
    responseDeserialize: deserialize(inference_open_inference_pb.ModelInferResponse),
  },
  repositoryIndex: {
    path: '/inference.GRPCInferenceService/RepositoryIndex',
    requestStream: false,
    responseStream: false,
    requestType: inference_open_inference_pb.RepositoryIndexRequest,
    responseType: inference_open_inference_pb.RepositoryIndexResponse,
    requestSerialize: serialize,
    requestDeserialize: deserialize(inference_open_inference_pb.RepositoryIndexRequest),
    responseSerialize: serialize,
    responseDeserialize: deserialize(inference_open_inference_pb.RepositoryIndexResponse),
  },
}

exports.GRPCInferenceServiceClient = grpc.makeGenericClientConstructor(exports.GRPCInferenceServiceService, 'GRPCInferenceService')
