// package: tensorflow.serving
// file: tensorflow_serving/apis/classification.proto

import * as jspb from "google-protobuf";
import * as tensorflow_serving_apis_input_pb from "../../tensorflow_serving/apis/input_pb";
import * as tensorflow_serving_apis_model_pb from "../../tensorflow_serving/apis/model_pb";

export class Class extends jspb.Message {
  getLabel(): string;
  setLabel(value: string): void;

  getScore(): number;
  setScore(value: number): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): Class.AsObject;
  static toObject(includeInstance: boolean, msg: Class): Class.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: Class, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): Class;
  static deserializeBinaryFromReader(message: Class, reader: jspb.BinaryReader): Class;
}

export namespace Class {
  export type AsObject = {
    label: string,
    score: number,
  }
}

export class Classifications extends jspb.Message {
  clearClassesList(): void;
  getClassesList(): Array<Class>;
  setClassesList(value: Array<Class>): void;
  addClasses(value?: Class, index?: number): Class;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): Classifications.AsObject;
  static toObject(includeInstance: boolean, msg: Classifications): Classifications.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: Classifications, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): Classifications;
  static deserializeBinaryFromReader(message: Classifications, reader: jspb.BinaryReader): Classifications;
}

export namespace Classifications {
  export type AsObject = {
    classesList: Array<Class.AsObject>,
  }
}

export class ClassificationResult extends jspb.Message {
  clearClassificationsList(): void;
  getClassificationsList(): Array<Classifications>;
  setClassificationsList(value: Array<Classifications>): void;
  addClassifications(value?: Classifications, index?: number): Classifications;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ClassificationResult.AsObject;
  static toObject(includeInstance: boolean, msg: ClassificationResult): ClassificationResult.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ClassificationResult, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ClassificationResult;
  static deserializeBinaryFromReader(message: ClassificationResult, reader: jspb.BinaryReader): ClassificationResult;
}

export namespace ClassificationResult {
  export type AsObject = {
    classificationsList: Array<Classifications.AsObject>,
  }
}

export class ClassificationRequest extends jspb.Message {
  hasModelSpec(): boolean;
  clearModelSpec(): void;
  getModelSpec(): tensorflow_serving_apis_model_pb.ModelSpec | undefined;
  setModelSpec(value?: tensorflow_serving_apis_model_pb.ModelSpec): void;

  hasInput(): boolean;
  clearInput(): void;
  getInput(): tensorflow_serving_apis_input_pb.Input | undefined;
  setInput(value?: tensorflow_serving_apis_input_pb.Input): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ClassificationRequest.AsObject;
  static toObject(includeInstance: boolean, msg: ClassificationRequest): ClassificationRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ClassificationRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ClassificationRequest;
  static deserializeBinaryFromReader(message: ClassificationRequest, reader: jspb.BinaryReader): ClassificationRequest;
}

export namespace ClassificationRequest {
  export type AsObject = {
    modelSpec?: tensorflow_serving_apis_model_pb.ModelSpec.AsObject,
    input?: tensorflow_serving_apis_input_pb.Input.AsObject,
  }
}

export class ClassificationResponse extends jspb.Message {
  hasResult(): boolean;
  clearResult(): void;
  getResult(): ClassificationResult | undefined;
  setResult(value?: ClassificationResult): void;

  hasModelSpec(): boolean;
  clearModelSpec(): void;
  getModelSpec(): tensorflow_serving_apis_model_pb.ModelSpec | undefined;
  setModelSpec(value?: tensorflow_serving_apis_model_pb.ModelSpec): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ClassificationResponse.AsObject;
  static toObject(includeInstance: boolean, msg: ClassificationResponse): ClassificationResponse.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ClassificationResponse, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ClassificationResponse;
  static deserializeBinaryFromReader(message: ClassificationResponse, reader: jspb.BinaryReader): ClassificationResponse;
}

export namespace ClassificationResponse {
  export type AsObject = {
    result?: ClassificationResult.AsObject,
    modelSpec?: tensorflow_serving_apis_model_pb.ModelSpec.AsObject,
  }
}

