import attributes from '../../generated/tensorflow/core/framework/attr_value_pb.js'
import functions from '../../generated/tensorflow/core/framework/function_pb.js'
import graphs from '../../generated/tensorflow/core/framework/graph_pb.js'
import nodes from '../../generated/tensorflow/core/framework/node_def_pb.js'
import tensors from '../../generated/tensorflow/core/framework/tensor_pb.js'
import shapes from '../../generated/tensorflow/core/framework/tensor_shape_pb.js'
import types from '../../generated/tensorflow/core/framework/types_pb.js'
import versions from '../../generated/tensorflow/core/framework/versions_pb.js'
import metaGraphs from '../../generated/tensorflow/core/protobuf/meta_graph_pb.js'
import savedModels from '../../generated/tensorflow/core/protobuf/saved_model_pb.js'
import savers from '../../generated/tensorflow/core/protobuf/saver_pb.js'
import bundles from '../../generated/tensorflow/core/protobuf/tensor_bundle_pb.js'
import classifications from '../../generated/tensorflow_serving/apis/classification_pb.js'
import models from '../../generated/tensorflow_serving/apis/model_pb.js'
import predictions from '../../generated/tensorflow_serving/apis/predict_pb.js'
import predictionLogs from '../../generated/tensorflow_serving/apis/prediction_log_pb.js'
import regressions from '../../generated/tensorflow_serving/apis/regression_pb.js'

// The only file of this folder that imports generated code. It is CommonJS, whose names ESM cannot see:
// hence the default imports.

export const { AttrValue } = attributes
export const { FunctionDef } = functions
export const { GraphDef } = graphs
export const { NodeDef } = nodes
export const { TensorProto } = tensors
export const { TensorShapeProto } = shapes
export const { DataType: DataTypeEnum } = types
export const { VersionDef } = versions
export const { MetaGraphDef, SignatureDef, TensorInfo: TensorInfoProto } = metaGraphs
export const { SavedModel } = savedModels
export const { SaverDef } = savers
export const { BundleEntryProto, BundleHeaderProto } = bundles
export const { ModelSpec } = models
export const { PredictRequest } = predictions
export const { ClassifyLog, PredictLog, PredictionLog, RegressLog } = predictionLogs
export const { ClassificationRequest } = classifications
export const { RegressionRequest } = regressions

export type AttrValue = InstanceType<typeof AttrValue>
export type FunctionDef = InstanceType<typeof FunctionDef>
export type GraphDef = InstanceType<typeof GraphDef>
export type NodeDef = InstanceType<typeof NodeDef>
export type TensorProto = InstanceType<typeof TensorProto>
export type TensorShapeProto = InstanceType<typeof TensorShapeProto>
export type MetaGraphDef = InstanceType<typeof MetaGraphDef>
export type SignatureDef = InstanceType<typeof SignatureDef>
export type TensorInfoProto = InstanceType<typeof TensorInfoProto>
export type SavedModel = InstanceType<typeof SavedModel>
export type SaverDef = InstanceType<typeof SaverDef>
export type BundleEntryProto = InstanceType<typeof BundleEntryProto>
export type BundleHeaderProto = InstanceType<typeof BundleHeaderProto>
export type ClassificationRequest = InstanceType<typeof ClassificationRequest>
export type RegressionRequest = InstanceType<typeof RegressionRequest>
export type PredictRequest = InstanceType<typeof PredictRequest>
export type PredictionLog = InstanceType<typeof PredictionLog>

/** A number of `tensorflow.DataType`. */
export type DataTypeCode = ReturnType<TensorProto['getDtype']>
