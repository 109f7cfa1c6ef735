import wrappers from 'google-protobuf/google/protobuf/wrappers_pb.js'
import examples from '../../../generated/tensorflow/core/example/example_pb.js'
import features from '../../../generated/tensorflow/core/example/feature_pb.js'
import tensors from '../../../generated/tensorflow/core/framework/tensor_pb.js'
import shapes from '../../../generated/tensorflow/core/framework/tensor_shape_pb.js'
import types from '../../../generated/tensorflow/core/framework/types_pb.js'
import graphs from '../../../generated/tensorflow/core/protobuf/meta_graph_pb.js'
import classifications from '../../../generated/tensorflow_serving/apis/classification_pb.js'
import modelMetadata from '../../../generated/tensorflow_serving/apis/get_model_metadata_pb.js'
import modelStatus from '../../../generated/tensorflow_serving/apis/get_model_status_pb.js'
import inputs from '../../../generated/tensorflow_serving/apis/input_pb.js'
import models from '../../../generated/tensorflow_serving/apis/model_pb.js'
import modelService from '../../../generated/tensorflow_serving/apis/model_service_grpc_pb.js'
import predictions from '../../../generated/tensorflow_serving/apis/predict_pb.js'
import predictionService from '../../../generated/tensorflow_serving/apis/prediction_service_grpc_pb.js'
import regressions from '../../../generated/tensorflow_serving/apis/regression_pb.js'

// The only file of this folder that imports generated code. It is CommonJS, whose names ESM cannot see:
// hence the default imports.

export const { Int64Value } = wrappers
export const { Example } = examples
export const { BytesList, Feature, Features } = features
export const { TensorProto } = tensors
export const { TensorShapeProto } = shapes
export const { DataType: DataTypeEnum } = types
export const { TensorInfo: TensorInfoProto, SignatureDef } = graphs
export const { ClassificationRequest, ClassificationResponse } = classifications
export const { GetModelMetadataRequest, GetModelMetadataResponse, SignatureDefMap } = modelMetadata
export const { GetModelStatusRequest, GetModelStatusResponse, ModelVersionStatus } = modelStatus
export const { ExampleList, Input } = inputs
export const { ModelSpec } = models
export const { ModelServiceService } = modelService
export const { PredictRequest, PredictResponse } = predictions
export const { PredictionServiceService } = predictionService
export const { RegressionRequest, RegressionResponse } = regressions

export type TensorProto = InstanceType<typeof TensorProto>
export type TensorShapeProto = InstanceType<typeof TensorShapeProto>
export type TensorInfoProto = InstanceType<typeof TensorInfoProto>
export type SignatureDef = InstanceType<typeof SignatureDef>
export type ModelSpec = InstanceType<typeof ModelSpec>
export type PredictRequest = InstanceType<typeof PredictRequest>
export type PredictResponse = InstanceType<typeof PredictResponse>
export type Input = InstanceType<typeof Input>
export type ClassificationResponse = InstanceType<typeof ClassificationResponse>
export type RegressionResponse = InstanceType<typeof RegressionResponse>
export type GetModelMetadataRequest = InstanceType<typeof GetModelMetadataRequest>
export type GetModelMetadataResponse = InstanceType<typeof GetModelMetadataResponse>
export type GetModelStatusRequest = InstanceType<typeof GetModelStatusRequest>
export type GetModelStatusResponse = InstanceType<typeof GetModelStatusResponse>
export type SignatureDefMap = InstanceType<typeof SignatureDefMap>
export type ModelVersionStatus = InstanceType<typeof ModelVersionStatus>
