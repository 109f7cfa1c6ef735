import service from '../../../generated/inference/open_inference_grpc_pb.js'
import messages from '../../../generated/inference/open_inference_pb.js'

// The only file of this folder that imports generated code. It is CommonJS, whose names ESM cannot see:
// hence the default imports.

export const {
  InferTensorContents,
  ModelInferRequest,
  ModelInferResponse,
  ModelMetadataRequest,
  ModelMetadataResponse,
  ModelReadyRequest,
  ModelReadyResponse,
  RepositoryIndexRequest,
  RepositoryIndexResponse,
  ServerReadyRequest,
  ServerReadyResponse,
} = messages
export const { GRPCInferenceServiceService } = service

export type InferTensorContents = InstanceType<typeof InferTensorContents>
export type ModelInferRequest = InstanceType<typeof ModelInferRequest>
export type ModelInferResponse = InstanceType<typeof ModelInferResponse>
export type ModelMetadataRequest = InstanceType<typeof ModelMetadataRequest>
export type ModelMetadataResponse = InstanceType<typeof ModelMetadataResponse>
export type ModelReadyRequest = InstanceType<typeof ModelReadyRequest>
export type ModelReadyResponse = InstanceType<typeof ModelReadyResponse>
export type ServerReadyResponse = InstanceType<typeof ServerReadyResponse>
export type RepositoryIndexResponse = InstanceType<typeof RepositoryIndexResponse>
export type InferOutputTensor = InstanceType<typeof ModelInferResponse.InferOutputTensor>
export type TensorMetadata = InstanceType<typeof ModelMetadataResponse.TensorMetadata>
export type ModelIndex = InstanceType<typeof RepositoryIndexResponse.ModelIndex>
