// package: tensorflow.serving
// file: tensorflow_serving/apis/prediction_log.proto

import * as jspb from "google-protobuf";
import * as tensorflow_serving_apis_classification_pb from "../../tensorflow_serving/apis/classification_pb";
import * as tensorflow_serving_apis_inference_pb from "../../tensorflow_serving/apis/inference_pb";
import * as tensorflow_serving_apis_logging_pb from "../../tensorflow_serving/apis/logging_pb";
import * as tensorflow_serving_apis_predict_pb from "../../tensorflow_serving/apis/predict_pb";
import * as tensorflow_serving_apis_regression_pb from "../../tensorflow_serving/apis/regression_pb";

export class ClassifyLog extends jspb.Message {
  hasRequest(): boolean;
  clearRequest(): void;
  getRequest(): tensorflow_serving_apis_classification_pb.ClassificationRequest | undefined;
  setRequest(value?: tensorflow_serving_apis_classification_pb.ClassificationRequest): void;

  hasResponse(): boolean;
  clearResponse(): void;
  getResponse(): tensorflow_serving_apis_classification_pb.ClassificationResponse | undefined;
  setResponse(value?: tensorflow_serving_apis_classification_pb.ClassificationResponse): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ClassifyLog.AsObject;
  static toObject(includeInstance: boolean, msg: ClassifyLog): ClassifyLog.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ClassifyLog, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ClassifyLog;
  static deserializeBinaryFromReader(message: ClassifyLog, reader: jspb.BinaryReader): ClassifyLog;
}

export namespace ClassifyLog {
  export type AsObject = {
    request?: tensorflow_serving_apis_classification_pb.ClassificationRequest.AsObject,
    response?: tensorflow_serving_apis_classification_pb.ClassificationResponse.AsObject,
  }
}

export class RegressLog extends jspb.Message {
  hasRequest(): boolean;
  clearRequest(): void;
  getRequest(): tensorflow_serving_apis_regression_pb.RegressionRequest | undefined;
  setRequest(value?: tensorflow_serving_apis_regression_pb.RegressionRequest): void;

  hasResponse(): boolean;
  clearResponse(): void;
  getResponse(): tensorflow_serving_apis_regression_pb.RegressionResponse | undefined;
  setResponse(value?: tensorflow_serving_apis_regression_pb.RegressionResponse): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): RegressLog.AsObject;
  static toObject(includeInstance: boolean, msg: RegressLog): RegressLog.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: RegressLog, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): RegressLog;
  static deserializeBinaryFromReader(message: RegressLog, reader: jspb.BinaryReader): RegressLog;
}

export namespace RegressLog {
  export type AsObject = {
    request?: tensorflow_serving_apis_regression_pb.RegressionRequest.AsObject,
    response?: tensorflow_serving_apis_regression_pb.RegressionResponse.AsObject,
  }
}

export class PredictLog extends jspb.Message {
  hasRequest(): boolean;
  clearRequest(): void;
  getRequest(): tensorflow_serving_apis_predict_pb.PredictRequest | undefined;
  setRequest(value?: tensorflow_serving_apis_predict_pb.PredictRequest): void;

  hasResponse(): boolean;
  clearResponse(): void;
  getResponse(): tensorflow_serving_apis_predict_pb.PredictResponse | undefined;
  setResponse(value?: tensorflow_serving_apis_predict_pb.PredictResponse): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): PredictLog.AsObject;
  static toObject(includeInstance: boolean, msg: PredictLog): PredictLog.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: PredictLog, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): PredictLog;
  static deserializeBinaryFromReader(message: PredictLog, reader: jspb.BinaryReader): PredictLog;
}

export namespace PredictLog {
  export type AsObject = {
    request?: tensorflow_serving_apis_predict_pb.PredictRequest.AsObject,
    response?: tensorflow_serving_apis_predict_pb.PredictResponse.AsObject,
  }
}

export class PredictStreamedLog extends jspb.Message {
  clearRequestList(): void;
  getRequestList(): Array<tensorflow_serving_apis_predict_pb.PredictRequest>;
  setRequestList(value: Array<tensorflow_serving_apis_predict_pb.PredictRequest>): void;
  addRequest(value?: tensorflow_serving_apis_predict_pb.PredictRequest, index?: number): tensorflow_serving_apis_predict_pb.PredictRequest;

  clearResponseList(): void;
  getResponseList(): Array<tensorflow_serving_apis_predict_pb.PredictResponse>;
  setResponseList(value: Array<tensorflow_serving_apis_predict_pb.PredictResponse>): void;
  addResponse(value?: tensorflow_serving_apis_predict_pb.PredictResponse, index?: number): tensorflow_serving_apis_predict_pb.PredictResponse;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): PredictStreamedLog.AsObject;
  static toObject(includeInstance: boolean, msg: PredictStreamedLog): PredictStreamedLog.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: PredictStreamedLog, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): PredictStreamedLog;
  static deserializeBinaryFromReader(message: PredictStreamedLog, reader: jspb.BinaryReader): PredictStreamedLog;
}

export namespace PredictStreamedLog {
  export type AsObject = {
    requestList: Array<tensorflow_serving_apis_predict_pb.PredictRequest.AsObject>,
    responseList: Array<tensorflow_serving_apis_predict_pb.PredictResponse.AsObject>,
  }
}

export class MultiInferenceLog extends jspb.Message {
  hasRequest(): boolean;
  clearRequest(): void;
  getRequest(): tensorflow_serving_apis_inference_pb.MultiInferenceRequest | undefined;
  setRequest(value?: tensorflow_serving_apis_inference_pb.MultiInferenceRequest): void;

  hasResponse(): boolean;
  clearResponse(): void;
  getResponse(): tensorflow_serving_apis_inference_pb.MultiInferenceResponse | undefined;
  setResponse(value?: tensorflow_serving_apis_inference_pb.MultiInferenceResponse): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): MultiInferenceLog.AsObject;
  static toObject(includeInstance: boolean, msg: MultiInferenceLog): MultiInferenceLog.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: MultiInferenceLog, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): MultiInferenceLog;
  static deserializeBinaryFromReader(message: MultiInferenceLog, reader: jspb.BinaryReader): MultiInferenceLog;
}

export namespace MultiInferenceLog {
  export type AsObject = {
    request?: tensorflow_serving_apis_inference_pb.MultiInferenceRequest.AsObject,
    response?: tensorflow_serving_apis_inference_pb.MultiInferenceResponse.AsObject,
  }
}

export class PredictionLog extends jspb.Message {
  hasLogMetadata(): boolean;
  clearLogMetadata(): void;
  getLogMetadata(): tensorflow_serving_apis_logging_pb.LogMetadata | undefined;
  setLogMetadata(value?: tensorflow_serving_apis_logging_pb.LogMetadata): void;

  hasClassifyLog(): boolean;
  clearClassifyLog(): void;
  getClassifyLog(): ClassifyLog | undefined;
  setClassifyLog(value?: ClassifyLog): void;

  hasRegressLog(): boolean;
  clearRegressLog(): void;
  getRegressLog(): RegressLog | undefined;
  setRegressLog(value?: RegressLog): void;

  hasMultiInferenceLog(): boolean;
  clearMultiInferenceLog(): void;
  getMultiInferenceLog(): MultiInferenceLog | undefined;
  setMultiInferenceLog(value?: MultiInferenceLog): void;

  hasPredictLog(): boolean;
  clearPredictLog(): void;
  getPredictLog(): PredictLog | undefined;
  setPredictLog(value?: PredictLog): void;

  hasPredictStreamedLog(): boolean;
  clearPredictStreamedLog(): void;
  getPredictStreamedLog(): PredictStreamedLog | undefined;
  setPredictStreamedLog(value?: PredictStreamedLog): void;

  getLogTypeCase(): PredictionLog.LogTypeCase;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): PredictionLog.AsObject;
  static toObject(includeInstance: boolean, msg: PredictionLog): PredictionLog.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: PredictionLog, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): PredictionLog;
  static deserializeBinaryFromReader(message: PredictionLog, reader: jspb.BinaryReader): PredictionLog;
}

export namespace PredictionLog {
  export type AsObject = {
    logMetadata?: tensorflow_serving_apis_logging_pb.LogMetadata.AsObject,
    classifyLog?: ClassifyLog.AsObject,
    regressLog?: RegressLog.AsObject,
    multiInferenceLog?: MultiInferenceLog.AsObject,
    predictLog?: PredictLog.AsObject,
    predictStreamedLog?: PredictStreamedLog.AsObject,
  }

  export enum LogTypeCase {
    LOG_TYPE_NOT_SET = 0,
    CLASSIFY_LOG = 2,
    REGRESS_LOG = 3,
    MULTI_INFERENCE_LOG = 4,
    PREDICT_LOG = 6,
    PREDICT_STREAMED_LOG = 7,
  }
}

