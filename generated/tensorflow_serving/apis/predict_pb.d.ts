// package: tensorflow.serving
// file: tensorflow_serving/apis/predict.proto

import * as jspb from "google-protobuf";
import * as tensorflow_core_framework_tensor_pb from "../../tensorflow/core/framework/tensor_pb";
import * as tensorflow_serving_apis_model_pb from "../../tensorflow_serving/apis/model_pb";

export class PredictRequest extends jspb.Message {
  hasModelSpec(): boolean;
  clearModelSpec(): void;
  getModelSpec(): tensorflow_serving_apis_model_pb.ModelSpec | undefined;
  setModelSpec(value?: tensorflow_serving_apis_model_pb.ModelSpec): void;

  getInputsMap(): jspb.Map<string, tensorflow_core_framework_tensor_pb.TensorProto>;
  clearInputsMap(): void;
  clearOutputFilterList(): void;
  getOutputFilterList(): Array<string>;
  setOutputFilterList(value: Array<string>): void;
  addOutputFilter(value: string, index?: number): string;

  hasPredictStreamedOptions(): boolean;
  clearPredictStreamedOptions(): void;
  getPredictStreamedOptions(): PredictStreamedOptions | undefined;
  setPredictStreamedOptions(value?: PredictStreamedOptions): void;

  hasClientId(): boolean;
  clearClientId(): void;
  getClientId(): Uint8Array | string;
  getClientId_asU8(): Uint8Array;
  getClientId_asB64(): string;
  setClientId(value: Uint8Array | string): void;

  hasRequestOptions(): boolean;
  clearRequestOptions(): void;
  getRequestOptions(): PredictRequest.RequestOptions | undefined;
  setRequestOptions(value?: PredictRequest.RequestOptions): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): PredictRequest.AsObject;
  static toObject(includeInstance: boolean, msg: PredictRequest): PredictRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: PredictRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): PredictRequest;
  static deserializeBinaryFromReader(message: PredictRequest, reader: jspb.BinaryReader): PredictRequest;
}

export namespace PredictRequest {
  export type AsObject = {
    modelSpec?: tensorflow_serving_apis_model_pb.ModelSpec.AsObject,
    inputsMap: Array<[string, tensorflow_core_framework_tensor_pb.TensorProto.AsObject]>,
    outputFilterList: Array<string>,
    predictStreamedOptions?: PredictStreamedOptions.AsObject,
    clientId: Uint8Array | string,
    requestOptions?: PredictRequest.RequestOptions.AsObject,
  }

  export class RequestOptions extends jspb.Message {
    hasClientId(): boolean;
    clearClientId(): void;
    getClientId(): Uint8Array | string;
    getClientId_asU8(): Uint8Array;
    getClientId_asB64(): string;
    setClientId(value: Uint8Array | string): void;

    hasDeterministicMode(): boolean;
    clearDeterministicMode(): void;
    getDeterministicMode(): PredictRequest.RequestOptions.DeterministicModeMap[keyof PredictRequest.RequestOptions.DeterministicModeMap];
    setDeterministicMode(value: PredictRequest.RequestOptions.DeterministicModeMap[keyof PredictRequest.RequestOptions.DeterministicModeMap]): void;

    hasReturnAdditionalArraysFromPrefill(): boolean;
    clearReturnAdditionalArraysFromPrefill(): void;
    getReturnAdditionalArraysFromPrefill(): boolean;
    setReturnAdditionalArraysFromPrefill(value: boolean): void;

    clearReturnStoptokensList(): void;
    getReturnStoptokensList(): Array<number>;
    setReturnStoptokensList(value: Array<number>): void;
    addReturnStoptokens(value: number, index?: number): number;

    hasMaxCacheLength(): boolean;
    clearMaxCacheLength(): void;
    getMaxCacheLength(): number;
    setMaxCacheLength(value: number): void;

    hasReturnAllStoptokens(): boolean;
    clearReturnAllStoptokens(): void;
    getReturnAllStoptokens(): boolean;
    setReturnAllStoptokens(value: boolean): void;

    hasHandshake(): boolean;
    clearHandshake(): void;
    getHandshake(): PredictRequest.RequestOptions.Handshake | undefined;
    setHandshake(value?: PredictRequest.RequestOptions.Handshake): void;

    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): RequestOptions.AsObject;
    static toObject(includeInstance: boolean, msg: RequestOptions): RequestOptions.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: RequestOptions, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): RequestOptions;
    static deserializeBinaryFromReader(message: RequestOptions, reader: jspb.BinaryReader): RequestOptions;
  }

  export namespace RequestOptions {
    export type AsObject = {
      clientId: Uint8Array | string,
      deterministicMode: PredictRequest.RequestOptions.DeterministicModeMap[keyof PredictRequest.RequestOptions.DeterministicModeMap],
      returnAdditionalArraysFromPrefill: boolean,
      returnStoptokensList: Array<number>,
      maxCacheLength: number,
      returnAllStoptokens: boolean,
      handshake?: PredictRequest.RequestOptions.Handshake.AsObject,
    }

    export class Handshake extends jspb.Message {
      getEstimatedPayloadBytes(): number;
      setEstimatedPayloadBytes(value: number): void;

      serializeBinary(): Uint8Array;
      toObject(includeInstance?: boolean): Handshake.AsObject;
      static toObject(includeInstance: boolean, msg: Handshake): Handshake.AsObject;
      static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
      static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
      static serializeBinaryToWriter(message: Handshake, writer: jspb.BinaryWriter): void;
      static deserializeBinary(bytes: Uint8Array): Handshake;
      static deserializeBinaryFromReader(message: Handshake, reader: jspb.BinaryReader): Handshake;
    }

    export namespace Handshake {
      export type AsObject = {
        estimatedPayloadBytes: number,
      }
    }

    export interface DeterministicModeMap {
      DETERMINISTIC_MODE_UNSPECIFIED: 0;
      FIXED_DECODER_SLOT: 1;
    }

    export const DeterministicMode: DeterministicModeMap;
  }
}

export class PredictStreamedOptions extends jspb.Message {
  getRequestState(): PredictStreamedOptions.RequestStateMap[keyof PredictStreamedOptions.RequestStateMap];
  setRequestState(value: PredictStreamedOptions.RequestStateMap[keyof PredictStreamedOptions.RequestStateMap]): void;

  getSplitDimensionsMap(): jspb.Map<string, number>;
  clearSplitDimensionsMap(): void;
  getReturnSingleResponse(): boolean;
  setReturnSingleResponse(value: boolean): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): PredictStreamedOptions.AsObject;
  static toObject(includeInstance: boolean, msg: PredictStreamedOptions): PredictStreamedOptions.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: PredictStreamedOptions, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): PredictStreamedOptions;
  static deserializeBinaryFromReader(message: PredictStreamedOptions, reader: jspb.BinaryReader): PredictStreamedOptions;
}

export namespace PredictStreamedOptions {
  export type AsObject = {
    requestState: PredictStreamedOptions.RequestStateMap[keyof PredictStreamedOptions.RequestStateMap],
    splitDimensionsMap: Array<[string, number]>,
    returnSingleResponse: boolean,
  }

  export interface RequestStateMap {
    NONE: 0;
    SPLIT: 1;
    END_SPLIT: 2;
    CANCEL: 3;
  }

  export const RequestState: RequestStateMap;
}

export class PredictResponse extends jspb.Message {
  getOutputsMap(): jspb.Map<string, tensorflow_core_framework_tensor_pb.TensorProto>;
  clearOutputsMap(): void;
  hasModelSpec(): boolean;
  clearModelSpec(): void;
  getModelSpec(): tensorflow_serving_apis_model_pb.ModelSpec | undefined;
  setModelSpec(value?: tensorflow_serving_apis_model_pb.ModelSpec): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): PredictResponse.AsObject;
  static toObject(includeInstance: boolean, msg: PredictResponse): PredictResponse.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: PredictResponse, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): PredictResponse;
  static deserializeBinaryFromReader(message: PredictResponse, reader: jspb.BinaryReader): PredictResponse;
}

export namespace PredictResponse {
  export type AsObject = {
    outputsMap: Array<[string, tensorflow_core_framework_tensor_pb.TensorProto.AsObject]>,
    modelSpec?: tensorflow_serving_apis_model_pb.ModelSpec.AsObject,
  }
}

