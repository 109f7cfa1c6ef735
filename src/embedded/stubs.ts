import any from 'google-protobuf/google/protobuf/any_pb.js'
import wrappers from 'google-protobuf/google/protobuf/wrappers_pb.js'
import tensors from '../../generated/tensorflow/core/framework/tensor_pb.js'
import shapes from '../../generated/tensorflow/core/framework/tensor_shape_pb.js'
import types from '../../generated/tensorflow/core/framework/types_pb.js'
import graphs from '../../generated/tensorflow/core/protobuf/meta_graph_pb.js'
import classifications from '../../generated/tensorflow_serving/apis/classification_pb.js'
import modelMetadata from '../../generated/tensorflow_serving/apis/get_model_metadata_pb.js'
import modelStatus from '../../generated/tensorflow_serving/apis/get_model_status_pb.js'
import inferences from '../../generated/tensorflow_serving/apis/inference_pb.js'
import modelManagement from '../../generated/tensorflow_serving/apis/model_management_pb.js'
import models from '../../generated/tensorflow_serving/apis/model_pb.js'
import modelService from '../../generated/tensorflow_serving/apis/model_service_grpc_pb.js'
import predictions from '../../generated/tensorflow_serving/apis/predict_pb.js'
import predictionService from '../../generated/tensorflow_serving/apis/prediction_service_grpc_pb.js'
import regressions from '../../generated/tensorflow_serving/apis/regression_pb.js'
import statuses from '../../generated/tensorflow_serving/apis/status_pb.js'

// Generated code is CommonJS, whose names ESM cannot see: default imports, in this file only.

export const { Any } = any
export const { Int64Value } = wrappers
export const { TensorProto } = tensors
export const { TensorShapeProto } = shapes
export const { DataType: DataTypeCodes } = types
export const { SignatureDef, TensorInfo: TensorInfoProto } = graphs
export const {
  Class,
  ClassificationRequest,
  ClassificationResponse,
  ClassificationResult,
  Classifications,
} = classifications
export const { GetModelMetadataRequest, GetModelMetadataResponse, SignatureDefMap } = modelMetadata
export const { GetModelStatusRequest, GetModelStatusResponse, ModelVersionStatus } = modelStatus
export const { InferenceTask, MultiInferenceRequest } = inferences
export const { ModelSpec } = models
export const { ReloadConfigRequest } = modelManagement
export const { ModelServiceClient, ModelServiceService } = modelService
export const { PredictRequest, PredictResponse } = predictions
export const { PredictionServiceClient, PredictionServiceService } = predictionService
export const { Regression, RegressionRequest, RegressionResponse, RegressionResult } = regressions
export const { StatusProto } = statuses

export type TensorProto = InstanceType<typeof TensorProto>
export type TensorShapeProto = InstanceType<typeof TensorShapeProto>
export type SignatureDef = InstanceType<typeof SignatureDef>
export type TensorInfoProto = InstanceType<typeof TensorInfoProto>
export type ModelSpec = InstanceType<typeof ModelSpec>
export type ClassificationRequest = InstanceType<typeof ClassificationRequest>
export type ClassificationResponse = InstanceType<typeof ClassificationResponse>
export type RegressionResponse = InstanceType<typeof RegressionResponse>
export type RegressionRequest = InstanceType<typeof RegressionRequest>
export type InferenceTask = InstanceType<typeof InferenceTask>
export type MultiInferenceRequest = InstanceType<typeof MultiInferenceRequest>
export type GetModelMetadataRequest = InstanceType<typeof GetModelMetadataRequest>
export type GetModelMetadataResponse = InstanceType<typeof GetModelMetadataResponse>
export type GetModelStatusRequest = InstanceType<typeof GetModelStatusRequest>
export type GetModelStatusResponse = InstanceType<typeof GetModelStatusResponse>
export type ModelVersionStatus = InstanceType<typeof ModelVersionStatus>
export type PredictRequest = InstanceType<typeof PredictRequest>
export type PredictResponse = InstanceType<typeof PredictResponse>
