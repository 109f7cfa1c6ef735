// package: tensorflow.serving
// file: tensorflow_serving/apis/get_model_status.proto

import * as jspb from "google-protobuf";
import * as tensorflow_serving_apis_model_pb from "../../tensorflow_serving/apis/model_pb";
import * as tensorflow_serving_apis_status_pb from "../../tensorflow_serving/apis/status_pb";

export class GetModelStatusRequest extends jspb.Message {
  hasModelSpec(): boolean;
  clearModelSpec(): void;
  getModelSpec(): tensorflow_serving_apis_model_pb.ModelSpec | undefined;
  setModelSpec(value?: tensorflow_serving_apis_model_pb.ModelSpec): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): GetModelStatusRequest.AsObject;
  static toObject(includeInstance: boolean, msg: GetModelStatusRequest): GetModelStatusRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: GetModelStatusRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): GetModelStatusRequest;
  static deserializeBinaryFromReader(message: GetModelStatusRequest, reader: jspb.BinaryReader): GetModelStatusRequest;
}

export namespace GetModelStatusRequest {
  export type AsObject = {
    modelSpec?: tensorflow_serving_apis_model_pb.ModelSpec.AsObject,
  }
}

export class ModelVersionStatus extends jspb.Message {
  getVersion(): string;
  setVersion(value: string): void;

  getState(): ModelVersionStatus.StateMap[keyof ModelVersionStatus.StateMap];
  setState(value: ModelVersionStatus.StateMap[keyof ModelVersionStatus.StateMap]): void;

  hasStatus(): boolean;
  clearStatus(): void;
  getStatus(): tensorflow_serving_apis_status_pb.StatusProto | undefined;
  setStatus(value?: tensorflow_serving_apis_status_pb.StatusProto): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ModelVersionStatus.AsObject;
  static toObject(includeInstance: boolean, msg: ModelVersionStatus): ModelVersionStatus.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ModelVersionStatus, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ModelVersionStatus;
  static deserializeBinaryFromReader(message: ModelVersionStatus, reader: jspb.BinaryReader): ModelVersionStatus;
}

export namespace ModelVersionStatus {
  export type AsObject = {
    version: string,
    state: ModelVersionStatus.StateMap[keyof ModelVersionStatus.StateMap],
    status?: tensorflow_serving_apis_status_pb.StatusProto.AsObject,
  }

  export interface StateMap {
    UNKNOWN: 0;
    START: 10;
    LOADING: 20;
    AVAILABLE: 30;
    UNLOADING: 40;
    END: 50;
  }

  export const State: StateMap;
}

export class GetModelStatusResponse extends jspb.Message {
  clearModelVersionStatusList(): void;
  getModelVersionStatusList(): Array<ModelVersionStatus>;
  setModelVersionStatusList(value: Array<ModelVersionStatus>): void;
  addModelVersionStatus(value?: ModelVersionStatus, index?: number): ModelVersionStatus;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): GetModelStatusResponse.AsObject;
  static toObject(includeInstance: boolean, msg: GetModelStatusResponse): GetModelStatusResponse.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: GetModelStatusResponse, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): GetModelStatusResponse;
  static deserializeBinaryFromReader(message: GetModelStatusResponse, reader: jspb.BinaryReader): GetModelStatusResponse;
}

export namespace GetModelStatusResponse {
  export type AsObject = {
    modelVersionStatusList: Array<ModelVersionStatus.AsObject>,
  }
}

