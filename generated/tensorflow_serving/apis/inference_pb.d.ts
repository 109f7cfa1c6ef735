// package: tensorflow.serving
// file: tensorflow_serving/apis/inference.proto

import * as jspb from "google-protobuf";
import * as tensorflow_serving_apis_classification_pb from "../../tensorflow_serving/apis/classification_pb";
import * as tensorflow_serving_apis_input_pb from "../../tensorflow_serving/apis/input_pb";
import * as tensorflow_serving_apis_model_pb from "../../tensorflow_serving/apis/model_pb";
import * as tensorflow_serving_apis_regression_pb from "../../tensorflow_serving/apis/regression_pb";

export class InferenceTask extends jspb.Message {
  hasModelSpec(): boolean;
  clearModelSpec(): void;
  getModelSpec(): tensorflow_serving_apis_model_pb.ModelSpec | undefined;
  setModelSpec(value?: tensorflow_serving_apis_model_pb.ModelSpec): void;

  getMethodName(): string;
  setMethodName(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): InferenceTask.AsObject;
  static toObject(includeInstance: boolean, msg: InferenceTask): InferenceTask.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: InferenceTask, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): InferenceTask;
  static deserializeBinaryFromReader(message: InferenceTask, reader: jspb.BinaryReader): InferenceTask;
}

export namespace InferenceTask {
  export type AsObject = {
    modelSpec?: tensorflow_serving_apis_model_pb.ModelSpec.AsObject,
    methodName: string,
  }
}

export class InferenceResult extends jspb.Message {
  hasModelSpec(): boolean;
  clearModelSpec(): void;
  getModelSpec(): tensorflow_serving_apis_model_pb.ModelSpec | undefined;
  setModelSpec(value?: tensorflow_serving_apis_model_pb.ModelSpec): void;

  hasClassificationResult(): boolean;
  clearClassificationResult(): void;
  getClassificationResult(): tensorflow_serving_apis_classification_pb.ClassificationResult | undefined;
  setClassificationResult(value?: tensorflow_serving_apis_classification_pb.ClassificationResult): void;

  hasRegressionResult(): boolean;
  clearRegressionResult(): void;
  getRegressionResult(): tensorflow_serving_apis_regression_pb.RegressionResult | undefined;
  setRegressionResult(value?: tensorflow_serving_apis_regression_pb.RegressionResult): void;

  getResultCase(): InferenceResult.ResultCase;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): InferenceResult.AsObject;
  static toObject(includeInstance: boolean, msg: InferenceResult): InferenceResult.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: InferenceResult, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): InferenceResult;
  static deserializeBinaryFromReader(message: InferenceResult, reader: jspb.BinaryReader): InferenceResult;
}

export namespace InferenceResult {
  export type AsObject = {
    modelSpec?: tensorflow_serving_apis_model_pb.ModelSpec.AsObject,
    classificationResult?: tensorflow_serving_apis_classification_pb.ClassificationResult.AsObject,
    regressionResult?: tensorflow_serving_apis_regression_pb.RegressionResult.AsObject,
  }

  export enum ResultCase {
    RESULT_NOT_SET = 0,
    CLASSIFICATION_RESULT = 2,
    REGRESSION_RESULT = 3,
  }
}

export class MultiInferenceRequest extends jspb.Message {
  clearTasksList(): void;
  getTasksList(): Array<InferenceTask>;
  setTasksList(value: Array<InferenceTask>): void;
  addTasks(value?: InferenceTask, index?: number): InferenceTask;

  hasInput(): boolean;
  clearInput(): void;
  getInput(): tensorflow_serving_apis_input_pb.Input | undefined;
  setInput(value?: tensorflow_serving_apis_input_pb.Input): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): MultiInferenceRequest.AsObject;
  static toObject(includeInstance: boolean, msg: MultiInferenceRequest): MultiInferenceRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: MultiInferenceRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): MultiInferenceRequest;
  static deserializeBinaryFromReader(message: MultiInferenceRequest, reader: jspb.BinaryReader): MultiInferenceRequest;
}

export namespace MultiInferenceRequest {
  export type AsObject = {
    tasksList: Array<InferenceTask.AsObject>,
    input?: tensorflow_serving_apis_input_pb.Input.AsObject,
  }
}

export class MultiInferenceResponse extends jspb.Message {
  clearResultsList(): void;
  getResultsList(): Array<InferenceResult>;
  setResultsList(value: Array<InferenceResult>): void;
  addResults(value?: InferenceResult, index?: number): InferenceResult;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): MultiInferenceResponse.AsObject;
  static toObject(includeInstance: boolean, msg: MultiInferenceResponse): MultiInferenceResponse.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: MultiInferenceResponse, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): MultiInferenceResponse;
  static deserializeBinaryFromReader(message: MultiInferenceResponse, reader: jspb.BinaryReader): MultiInferenceResponse;
}

export namespace MultiInferenceResponse {
  export type AsObject = {
    resultsList: Array<InferenceResult.AsObject>,
  }
}

