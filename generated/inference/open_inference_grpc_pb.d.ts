// GENERATED CODE -- DO NOT EDIT!

// package: inference
// file: inference/open_inference.proto

import * as inference_open_inference_pb from "../inference/open_inference_pb";
import * as grpc from "@grpc/grpc-js";

interface IGRPCInferenceServiceService extends grpc.ServiceDefinition<grpc.UntypedServiceImplementation> {
  serverLive: grpc.MethodDefinition<inference_open_inference_pb.ServerLiveRequest, inference_open_inference_pb.ServerLiveResponse>;
  serverReady: grpc.MethodDefinition<inference_open_inference_pb.ServerReadyRequest, inference_open_inference_pb.ServerReadyResponse>;
  modelReady: grpc.MethodDefinition<inference_open_inference_pb.ModelReadyRequest, inference_open_inference_pb.ModelReadyResponse>;
  serverMetadata: grpc.MethodDefinition<inference_open_inference_pb.ServerMetadataRequest, inference_open_inference_pb.ServerMetadataResponse>;
  modelMetadata: grpc.MethodDefinition<inference_open_inference_pb.ModelMetadataRequest, inference_open_inference_pb.ModelMetadataResponse>;
  modelInfer: grpc.MethodDefinition<inference_open_inference_pb.ModelInferRequest, inference_open_inference_pb.ModelInferResponse>;
  repositoryIndex: grpc.MethodDefinition<inference_open_inference_pb.RepositoryIndexRequest, inference_open_inference_pb.RepositoryIndexResponse>;
}

export const GRPCInferenceServiceService: IGRPCInferenceServiceService;

export interface IGRPCInferenceServiceServer extends grpc.UntypedServiceImplementation {
  serverLive: grpc.handleUnaryCall<inference_open_inference_pb.ServerLiveRequest, inference_open_inference_pb.ServerLiveResponse>;
  serverReady: grpc.handleUnaryCall<inference_open_inference_pb.ServerReadyRequest, inference_open_inference_pb.ServerReadyResponse>;
  modelReady: grpc.handleUnaryCall<inference_open_inference_pb.ModelReadyRequest, inference_open_inference_pb.ModelReadyResponse>;
  serverMetadata: grpc.handleUnaryCall<inference_open_inference_pb.ServerMetadataRequest, inference_open_inference_pb.ServerMetadataResponse>;
  modelMetadata: grpc.handleUnaryCall<inference_open_inference_pb.ModelMetadataRequest, inference_open_inference_pb.ModelMetadataResponse>;
  modelInfer: grpc.handleUnaryCall<inference_open_inference_pb.ModelInferRequest, inference_open_inference_pb.ModelInferResponse>;
  repositoryIndex: grpc.handleUnaryCall<inference_open_inference_pb.RepositoryIndexRequest, inference_open_inference_pb.RepositoryIndexResponse>;
}

export class GRPCInferenceServiceClient extends grpc.Client {
  constructor(address: string, credentials: grpc.ChannelCredentials, options?: object);
  serverLive(argument: inference_open_inference_pb.ServerLiveRequest, callback: grpc.requestCallback<inference_open_inference_pb.ServerLiveResponse>): grpc.ClientUnaryCall;
  serverLive(argument: inference_open_inference_pb.ServerLiveRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<inference_open_inference_pb.ServerLiveResponse>): grpc.ClientUnaryCall;
  serverLive(argument: inference_open_inference_pb.ServerLiveRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<inference_open_inference_pb.ServerLiveResponse>): grpc.ClientUnaryCall;
  serverReady(argument: inference_open_inference_pb.ServerReadyRequest, callback: grpc.requestCallback<inference_open_inference_pb.ServerReadyResponse>): grpc.ClientUnaryCall;
  serverReady(argument: inference_open_inference_pb.ServerReadyRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<inference_open_inference_pb.ServerReadyResponse>): grpc.ClientUnaryCall;
  serverReady(argument: inference_open_inference_pb.ServerReadyRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<inference_open_inference_pb.ServerReadyResponse>): grpc.ClientUnaryCall;
  modelReady(argument: inference_open_inference_pb.ModelReadyRequest, callback: grpc.requestCallback<inference_open_inference_pb.ModelReadyResponse>): grpc.ClientUnaryCall;
  modelReady(argument: inference_open_inference_pb.ModelReadyRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<inference_open_inference_pb.ModelReadyResponse>): grpc.ClientUnaryCall;
  modelReady(argument: inference_open_inference_pb.ModelReadyRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<inference_open_inference_pb.ModelReadyResponse>): grpc.ClientUnaryCall;
  serverMetadata(argument: inference_open_inference_pb.ServerMetadataRequest, callback: grpc.requestCallback<inference_open_inference_pb.ServerMetadataResponse>): grpc.ClientUnaryCall;
  serverMetadata(argument: inference_open_inference_pb.ServerMetadataRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<inference_open_inference_pb.ServerMetadataResponse>): grpc.ClientUnaryCall;
  serverMetadata(argument: inference_open_inference_pb.ServerMetadataRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<inference_open_inference_pb.ServerMetadataResponse>): grpc.ClientUnaryCall;
  modelMetadata(argument: inference_open_inference_pb.ModelMetadataRequest, callback: grpc.requestCallback<inference_open_inference_pb.ModelMetadataResponse>): grpc.ClientUnaryCall;
  modelMetadata(argument: inference_open_inference_pb.ModelMetadataRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<inference_open_inference_pb.ModelMetadataResponse>): grpc.ClientUnaryCall;
  modelMetadata(argument: inference_open_inference_pb.ModelMetadataRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<inference_open_inference_pb.ModelMetadataResponse>): grpc.ClientUnaryCall;
  modelInfer(argument: inference_open_inference_pb.ModelInferRequest, callback: grpc.requestCallback<inference_open_inference_pb.ModelInferResponse>): grpc.ClientUnaryCall;
  modelInfer(argument: inference_open_inference_pb.ModelInferRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<inference_open_inference_pb.ModelInferResponse>): grpc.ClientUnaryCall;
  modelInfer(argument: inference_open_inference_pb.ModelInferRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<inference_open_inference_pb.ModelInferResponse>): grpc.ClientUnaryCall;
  repositoryIndex(argument: inference_open_inference_pb.RepositoryIndexRequest, callback: grpc.requestCallback<inference_open_inference_pb.RepositoryIndexResponse>): grpc.ClientUnaryCall;
  repositoryIndex(argument: inference_open_inference_pb.RepositoryIndexRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<inference_open_inference_pb.RepositoryIndexResponse>): grpc.ClientUnaryCall;
  repositoryIndex(argument: inference_open_inference_pb.RepositoryIndexRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<inference_open_inference_pb.RepositoryIndexResponse>): grpc.ClientUnaryCall;
}
