// package: tensorflow.serving
// file: tensorflow_serving/apis/regression.proto

import * as jspb from "google-protobuf";
import * as tensorflow_serving_apis_input_pb from "../../tensorflow_serving/apis/input_pb";
import * as tensorflow_serving_apis_model_pb from "../../tensorflow_serving/apis/model_pb";

export class Regression extends jspb.Message {
  getValue(): number;
  setValue(value: number): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): Regression.AsObject;
  static toObject(includeInstance: boolean, msg: Regression): Regression.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: Regression, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): Regression;
  static deserializeBinaryFromReader(message: Regression, reader: jspb.BinaryReader): Regression;
}

export namespace Regression {
  export type AsObject = {
    value: number,
  }
}

export class RegressionResult extends jspb.Message {
  clearRegressionsList(): void;
  getRegressionsList(): Array<Regression>;
  setRegressionsList(value: Array<Regression>): void;
  addRegressions(value?: Regression, index?: number): Regression;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): RegressionResult.AsObject;
  static toObject(includeInstance: boolean, msg: RegressionResult): RegressionResult.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: RegressionResult, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): RegressionResult;
  static deserializeBinaryFromReader(message: RegressionResult, reader: jspb.BinaryReader): RegressionResult;
}

export namespace RegressionResult {
  export type AsObject = {
    regressionsList: Array<Regression.AsObject>,
  }
}

export class RegressionRequest extends jspb.Message {
  hasModelSpec(): boolean;
  clearModelSpec(): void;
  getModelSpec(): tensorflow_serving_apis_model_pb.ModelSpec | undefined;
  setModelSpec(value?: tensorflow_serving_apis_model_pb.ModelSpec): void;

  hasInput(): boolean;
  clearInput(): void;
  getInput(): tensorflow_serving_apis_input_pb.Input | undefined;
  setInput(value?: tensorflow_serving_apis_input_pb.Input): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): RegressionRequest.AsObject;
  static toObject(includeInstance: boolean, msg: RegressionRequest): RegressionRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: RegressionRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): RegressionRequest;
  static deserializeBinaryFromReader(message: RegressionRequest, reader: jspb.BinaryReader): RegressionRequest;
}

export namespace RegressionRequest {
  export type AsObject = {
    modelSpec?: tensorflow_serving_apis_model_pb.ModelSpec.AsObject,
    input?: tensorflow_serving_apis_input_pb.Input.AsObject,
  }
}

export class RegressionResponse extends jspb.Message {
  hasResult(): boolean;
  clearResult(): void;
  getResult(): RegressionResult | undefined;
  setResult(value?: RegressionResult): void;

  hasModelSpec(): boolean;
  clearModelSpec(): void;
  getModelSpec(): tensorflow_serving_apis_model_pb.ModelSpec | undefined;
  setModelSpec(value?: tensorflow_serving_apis_model_pb.ModelSpec): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): RegressionResponse.AsObject;
  static toObject(includeInstance: boolean, msg: RegressionResponse): RegressionResponse.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: RegressionResponse, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): RegressionResponse;
  static deserializeBinaryFromReader(message: RegressionResponse, reader: jspb.BinaryReader): RegressionResponse;
}

export namespace RegressionResponse {
  export type AsObject = {
    result?: RegressionResult.AsObject,
    modelSpec?: tensorflow_serving_apis_model_pb.ModelSpec.AsObject,
  }
}

