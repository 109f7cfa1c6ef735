// GENERATED CODE -- DO NOT EDIT!

// package: tensorflow.serving
// file: tensorflow_serving/apis/model_service.proto

import * as tensorflow_serving_apis_model_service_pb from "../../tensorflow_serving/apis/model_service_pb";
import * as tensorflow_serving_apis_get_model_status_pb from "../../tensorflow_serving/apis/get_model_status_pb";
import * as tensorflow_serving_apis_model_management_pb from "../../tensorflow_serving/apis/model_management_pb";
import * as grpc from "@grpc/grpc-js";

interface IModelServiceService extends grpc.ServiceDefinition<grpc.UntypedServiceImplementation> {
  getModelStatus: grpc.MethodDefinition<tensorflow_serving_apis_get_model_status_pb.GetModelStatusRequest, tensorflow_serving_apis_get_model_status_pb.GetModelStatusResponse>;
  handleReloadConfigRequest: grpc.MethodDefinition<tensorflow_serving_apis_model_management_pb.ReloadConfigRequest, tensorflow_serving_apis_model_management_pb.ReloadConfigResponse>;
}

export const ModelServiceService: IModelServiceService;

export interface IModelServiceServer extends grpc.UntypedServiceImplementation {
  getModelStatus: grpc.handleUnaryCall<tensorflow_serving_apis_get_model_status_pb.GetModelStatusRequest, tensorflow_serving_apis_get_model_status_pb.GetModelStatusResponse>;
  handleReloadConfigRequest: grpc.handleUnaryCall<tensorflow_serving_apis_model_management_pb.ReloadConfigRequest, tensorflow_serving_apis_model_management_pb.ReloadConfigResponse>;
}

export class ModelServiceClient extends grpc.Client {
  constructor(address: string, credentials: grpc.ChannelCredentials, options?: object);
  getModelStatus(argument: tensorflow_serving_apis_get_model_status_pb.GetModelStatusRequest, callback: grpc.requestCallback<tensorflow_serving_apis_get_model_status_pb.GetModelStatusResponse>): grpc.ClientUnaryCall;
  getModelStatus(argument: tensorflow_serving_apis_get_model_status_pb.GetModelStatusRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<tensorflow_serving_apis_get_model_status_pb.GetModelStatusResponse>): grpc.ClientUnaryCall;
  getModelStatus(argument: tensorflow_serving_apis_get_model_status_pb.GetModelStatusRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<tensorflow_serving_apis_get_model_status_pb.GetModelStatusResponse>): grpc.ClientUnaryCall;
  handleReloadConfigRequest(argument: tensorflow_serving_apis_model_management_pb.ReloadConfigRequest, callback: grpc.requestCallback<tensorflow_serving_apis_model_management_pb.ReloadConfigResponse>): grpc.ClientUnaryCall;
  handleReloadConfigRequest(argument: tensorflow_serving_apis_model_management_pb.ReloadConfigRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<tensorflow_serving_apis_model_management_pb.ReloadConfigResponse>): grpc.ClientUnaryCall;
  handleReloadConfigRequest(argument: tensorflow_serving_apis_model_management_pb.ReloadConfigRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<tensorflow_serving_apis_model_management_pb.ReloadConfigResponse>): grpc.ClientUnaryCall;
}
