// GENERATED CODE -- DO NOT EDIT!

// package: tensorflow.serving
// file: tensorflow_serving/apis/prediction_service.proto

import * as tensorflow_serving_apis_prediction_service_pb from "../../tensorflow_serving/apis/prediction_service_pb";
import * as tensorflow_serving_apis_classification_pb from "../../tensorflow_serving/apis/classification_pb";
import * as tensorflow_serving_apis_get_model_metadata_pb from "../../tensorflow_serving/apis/get_model_metadata_pb";
import * as tensorflow_serving_apis_inference_pb from "../../tensorflow_serving/apis/inference_pb";
import * as tensorflow_serving_apis_predict_pb from "../../tensorflow_serving/apis/predict_pb";
import * as tensorflow_serving_apis_regression_pb from "../../tensorflow_serving/apis/regression_pb";
import * as grpc from "@grpc/grpc-js";

interface IPredictionServiceService extends grpc.ServiceDefinition<grpc.UntypedServiceImplementation> {
  classify: grpc.MethodDefinition<tensorflow_serving_apis_classification_pb.ClassificationRequest, tensorflow_serving_apis_classification_pb.ClassificationResponse>;
  regress: grpc.MethodDefinition<tensorflow_serving_apis_regression_pb.RegressionRequest, tensorflow_serving_apis_regression_pb.RegressionResponse>;
  predict: grpc.MethodDefinition<tensorflow_serving_apis_predict_pb.PredictRequest, tensorflow_serving_apis_predict_pb.PredictResponse>;
  multiInference: grpc.MethodDefinition<tensorflow_serving_apis_inference_pb.MultiInferenceRequest, tensorflow_serving_apis_inference_pb.MultiInferenceResponse>;
  getModelMetadata: grpc.MethodDefinition<tensorflow_serving_apis_get_model_metadata_pb.GetModelMetadataRequest, tensorflow_serving_apis_get_model_metadata_pb.GetModelMetadataResponse>;
}

export const PredictionServiceService: IPredictionServiceService;

export interface IPredictionServiceServer extends grpc.UntypedServiceImplementation {
  classify: grpc.handleUnaryCall<tensorflow_serving_apis_classification_pb.ClassificationRequest, tensorflow_serving_apis_classification_pb.ClassificationResponse>;
  regress: grpc.handleUnaryCall<tensorflow_serving_apis_regression_pb.RegressionRequest, tensorflow_serving_apis_regression_pb.RegressionResponse>;
  predict: grpc.handleUnaryCall<tensorflow_serving_apis_predict_pb.PredictRequest, tensorflow_serving_apis_predict_pb.PredictResponse>;
  multiInference: grpc.handleUnaryCall<tensorflow_serving_apis_inference_pb.MultiInferenceRequest, tensorflow_serving_apis_inference_pb.MultiInferenceResponse>;
  getModelMetadata: grpc.handleUnaryCall<tensorflow_serving_apis_get_model_metadata_pb.GetModelMetadataRequest, tensorflow_serving_apis_get_model_metadata_pb.GetModelMetadataResponse>;
}

export class PredictionServiceClient extends grpc.Client {
  constructor(address: string, credentials: grpc.ChannelCredentials, options?: object);
  classify(argument: tensorflow_serving_apis_classification_pb.ClassificationRequest, callback: grpc.requestCallback<tensorflow_serving_apis_classification_pb.ClassificationResponse>): grpc.ClientUnaryCall;
  classify(argument: tensorflow_serving_apis_classification_pb.ClassificationRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<tensorflow_serving_apis_classification_pb.ClassificationResponse>): grpc.ClientUnaryCall;
  classify(argument: tensorflow_serving_apis_classification_pb.ClassificationRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<tensorflow_serving_apis_classification_pb.ClassificationResponse>): grpc.ClientUnaryCall;
  regress(argument: tensorflow_serving_apis_regression_pb.RegressionRequest, callback: grpc.requestCallback<tensorflow_serving_apis_regression_pb.RegressionResponse>): grpc.ClientUnaryCall;
  regress(argument: tensorflow_serving_apis_regression_pb.RegressionRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<tensorflow_serving_apis_regression_pb.RegressionResponse>): grpc.ClientUnaryCall;
  regress(argument: tensorflow_serving_apis_regression_pb.RegressionRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<tensorflow_serving_apis_regression_pb.RegressionResponse>): grpc.ClientUnaryCall;
  predict(argument: tensorflow_serving_apis_predict_pb.PredictRequest, callback: grpc.requestCallback<tensorflow_serving_apis_predict_pb.PredictResponse>): grpc.ClientUnaryCall;
  predict(argument: tensorflow_serving_apis_predict_pb.PredictRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<tensorflow_serving_apis_predict_pb.PredictResponse>): grpc.ClientUnaryCall;
  predict(argument: tensorflow_serving_apis_predict_pb.PredictRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<tensorflow_serving_apis_predict_pb.PredictResponse>): grpc.ClientUnaryCall;
  multiInference(argument: tensorflow_serving_apis_inference_pb.MultiInferenceRequest, callback: grpc.requestCallback<tensorflow_serving_apis_inference_pb.MultiInferenceResponse>): grpc.ClientUnaryCall;
  multiInference(argument: tensorflow_serving_apis_inference_pb.MultiInferenceRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<tensorflow_serving_apis_inference_pb.MultiInferenceResponse>): grpc.ClientUnaryCall;
  multiInference(argument: tensorflow_serving_apis_inference_pb.MultiInferenceRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<tensorflow_serving_apis_inference_pb.MultiInferenceResponse>): grpc.ClientUnaryCall;
  getModelMetadata(argument: tensorflow_serving_apis_get_model_metadata_pb.GetModelMetadataRequest, callback: grpc.requestCallback<tensorflow_serving_apis_get_model_metadata_pb.GetModelMetadataResponse>): grpc.ClientUnaryCall;
  getModelMetadata(argument: tensorflow_serving_apis_get_model_metadata_pb.GetModelMetadataRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<tensorflow_serving_apis_get_model_metadata_pb.GetModelMetadataResponse>): grpc.ClientUnaryCall;
  getModelMetadata(argument: tensorflow_serving_apis_get_model_metadata_pb.GetModelMetadataRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<tensorflow_serving_apis_get_model_metadata_pb.GetModelMetadataResponse>): grpc.ClientUnaryCall;
}
