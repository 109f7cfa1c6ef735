// package: inference
// file: inference/open_inference.proto

import * as jspb from "google-protobuf";

export class ServerLiveRequest extends jspb.Message {
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ServerLiveRequest.AsObject;
  static toObject(includeInstance: boolean, msg: ServerLiveRequest): ServerLiveRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ServerLiveRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ServerLiveRequest;
  static deserializeBinaryFromReader(message: ServerLiveRequest, reader: jspb.BinaryReader): ServerLiveRequest;
}

export namespace ServerLiveRequest {
  export type AsObject = {
  }
}

export class ServerLiveResponse extends jspb.Message {
  getLive(): boolean;
  setLive(value: boolean): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ServerLiveResponse.AsObject;
  static toObject(includeInstance: boolean, msg: ServerLiveResponse): ServerLiveResponse.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ServerLiveResponse, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ServerLiveResponse;
  static deserializeBinaryFromReader(message: ServerLiveResponse, reader: jspb.BinaryReader): ServerLiveResponse;
}

export namespace ServerLiveResponse {
  export type AsObject = {
    live: boolean,
  }
}

export class ServerReadyRequest extends jspb.Message {
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ServerReadyRequest.AsObject;
  static toObject(includeInstance: boolean, msg: ServerReadyRequest): ServerReadyRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ServerReadyRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ServerReadyRequest;
  static deserializeBinaryFromReader(message: ServerReadyRequest, reader: jspb.BinaryReader): ServerReadyRequest;
}

export namespace ServerReadyRequest {
  export type AsObject = {
  }
}

export class ServerReadyResponse extends jspb.Message {
  getReady(): boolean;
  setReady(value: boolean): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ServerReadyResponse.AsObject;
  static toObject(includeInstance: boolean, msg: ServerReadyResponse): ServerReadyResponse.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ServerReadyResponse, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ServerReadyResponse;
  static deserializeBinaryFromReader(message: ServerReadyResponse, reader: jspb.BinaryReader): ServerReadyResponse;
}

export namespace ServerReadyResponse {
  export type AsObject = {
    ready: boolean,
  }
}

export class ModelReadyRequest extends jspb.Message {
  getName(): string;
  setName(value: string): void;

  getVersion(): string;
  setVersion(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ModelReadyRequest.AsObject;
  static toObject(includeInstance: boolean, msg: ModelReadyRequest): ModelReadyRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ModelReadyRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ModelReadyRequest;
  static deserializeBinaryFromReader(message: ModelReadyRequest, reader: jspb.BinaryReader): ModelReadyRequest;
}

export namespace ModelReadyRequest {
  export type AsObject = {
    name: string,
    version: string,
  }
}

export class ModelReadyResponse extends jspb.Message {
  getReady(): boolean;
  setReady(value: boolean): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ModelReadyResponse.AsObject;
  static toObject(includeInstance: boolean, msg: ModelReadyResponse): ModelReadyResponse.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ModelReadyResponse, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ModelReadyResponse;
  static deserializeBinaryFromReader(message: ModelReadyResponse, reader: jspb.BinaryReader): ModelReadyResponse;
}

export namespace ModelReadyResponse {
  export type AsObject = {
    ready: boolean,
  }
}

export class ServerMetadataRequest extends jspb.Message {
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ServerMetadataRequest.AsObject;
  static toObject(includeInstance: boolean, msg: ServerMetadataRequest): ServerMetadataRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ServerMetadataRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ServerMetadataRequest;
  static deserializeBinaryFromReader(message: ServerMetadataRequest, reader: jspb.BinaryReader): ServerMetadataRequest;
}

export namespace ServerMetadataRequest {
  export type AsObject = {
  }
}

export class ServerMetadataResponse extends jspb.Message {
  getName(): string;
  setName(value: string): void;

  getVersion(): string;
  setVersion(value: string): void;

  clearExtensionsList(): void;
  getExtensionsList(): Array<string>;
  setExtensionsList(value: Array<string>): void;
  addExtensions(value: string, index?: number): string;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ServerMetadataResponse.AsObject;
  static toObject(includeInstance: boolean, msg: ServerMetadataResponse): ServerMetadataResponse.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ServerMetadataResponse, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ServerMetadataResponse;
  static deserializeBinaryFromReader(message: ServerMetadataResponse, reader: jspb.BinaryReader): ServerMetadataResponse;
}

export namespace ServerMetadataResponse {
  export type AsObject = {
    name: string,
    version: string,
    extensionsList: Array<string>,
  }
}

export class ModelMetadataRequest extends jspb.Message {
  getName(): string;
  setName(value: string): void;

  getVersion(): string;
  setVersion(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ModelMetadataRequest.AsObject;
  static toObject(includeInstance: boolean, msg: ModelMetadataRequest): ModelMetadataRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ModelMetadataRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ModelMetadataRequest;
  static deserializeBinaryFromReader(message: ModelMetadataRequest, reader: jspb.BinaryReader): ModelMetadataRequest;
}

export namespace ModelMetadataRequest {
  export type AsObject = {
    name: string,
    version: string,
  }
}

export class ModelMetadataResponse extends jspb.Message {
  getName(): string;
  setName(value: string): void;

  clearVersionsList(): void;
  getVersionsList(): Array<string>;
  setVersionsList(value: Array<string>): void;
  addVersions(value: string, index?: number): string;

  getPlatform(): string;
  setPlatform(value: string): void;

  clearInputsList(): void;
  getInputsList(): Array<ModelMetadataResponse.TensorMetadata>;
  setInputsList(value: Array<ModelMetadataResponse.TensorMetadata>): void;
  addInputs(value?: ModelMetadataResponse.TensorMetadata, index?: number): ModelMetadataResponse.TensorMetadata;

  clearOutputsList(): void;
  getOutputsList(): Array<ModelMetadataResponse.TensorMetadata>;
  setOutputsList(value: Array<ModelMetadataResponse.TensorMetadata>): void;
  addOutputs(value?: ModelMetadataResponse.TensorMetadata, index?: number): ModelMetadataResponse.TensorMetadata;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ModelMetadataResponse.AsObject;
  static toObject(includeInstance: boolean, msg: ModelMetadataResponse): ModelMetadataResponse.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ModelMetadataResponse, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ModelMetadataResponse;
  static deserializeBinaryFromReader(message: ModelMetadataResponse, reader: jspb.BinaryReader): ModelMetadataResponse;
}

export namespace ModelMetadataResponse {
  export type AsObject = {
    name: string,
    versionsList: Array<string>,
    platform: string,
    inputsList: Array<ModelMetadataResponse.TensorMetadata.AsObject>,
    outputsList: Array<ModelMetadataResponse.TensorMetadata.AsObject>,
  }

  export class TensorMetadata extends jspb.Message {
    getName(): string;
    setName(value: string): void;

    getDatatype(): string;
    setDatatype(value: string): void;

    clearShapeList(): void;
    getShapeList(): Array<number>;
    setShapeList(value: Array<number>): void;
    addShape(value: number, index?: number): number;

    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): TensorMetadata.AsObject;
    static toObject(includeInstance: boolean, msg: TensorMetadata): TensorMetadata.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: TensorMetadata, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): TensorMetadata;
    static deserializeBinaryFromReader(message: TensorMetadata, reader: jspb.BinaryReader): TensorMetadata;
  }

  export namespace TensorMetadata {
    export type AsObject = {
      name: string,
      datatype: string,
      shapeList: Array<number>,
    }
  }
}

export class InferParameter extends jspb.Message {
  hasBoolParam(): boolean;
  clearBoolParam(): void;
  getBoolParam(): boolean;
  setBoolParam(value: boolean): void;

  hasInt64Param(): boolean;
  clearInt64Param(): void;
  getInt64Param(): string;
  setInt64Param(value: string): void;

  hasStringParam(): boolean;
  clearStringParam(): void;
  getStringParam(): string;
  setStringParam(value: string): void;

  hasDoubleParam(): boolean;
  clearDoubleParam(): void;
  getDoubleParam(): number;
  setDoubleParam(value: number): void;

  hasUint64Param(): boolean;
  clearUint64Param(): void;
  getUint64Param(): string;
  setUint64Param(value: string): void;

  getParameterChoiceCase(): InferParameter.ParameterChoiceCase;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): InferParameter.AsObject;
  static toObject(includeInstance: boolean, msg: InferParameter): InferParameter.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: InferParameter, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): InferParameter;
  static deserializeBinaryFromReader(message: InferParameter, reader: jspb.BinaryReader): InferParameter;
}

export namespace InferParameter {
  export type AsObject = {
    boolParam: boolean,
    int64Param: string,
    stringParam: string,
    doubleParam: number,
    uint64Param: string,
  }

  export enum ParameterChoiceCase {
    PARAMETER_CHOICE_NOT_SET = 0,
    BOOL_PARAM = 1,
    INT64_PARAM = 2,
    STRING_PARAM = 3,
    DOUBLE_PARAM = 4,
    UINT64_PARAM = 5,
  }
}

export class InferTensorContents extends jspb.Message {
  clearBoolContentsList(): void;
  getBoolContentsList(): Array<boolean>;
  setBoolContentsList(value: Array<boolean>): void;
  addBoolContents(value: boolean, index?: number): boolean;

  clearIntContentsList(): void;
  getIntContentsList(): Array<number>;
  setIntContentsList(value: Array<number>): void;
  addIntContents(value: number, index?: number): number;

  clearInt64ContentsList(): void;
  getInt64ContentsList(): Array<string>;
  setInt64ContentsList(value: Array<string>): void;
  addInt64Contents(value: string, index?: number): string;

  clearUintContentsList(): void;
  getUintContentsList(): Array<number>;
  setUintContentsList(value: Array<number>): void;
  addUintContents(value: number, index?: number): number;

  clearUint64ContentsList(): void;
  getUint64ContentsList(): Array<string>;
  setUint64ContentsList(value: Array<string>): void;
  addUint64Contents(value: string, index?: number): string;

  clearFp32ContentsList(): void;
  getFp32ContentsList(): Array<number>;
  setFp32ContentsList(value: Array<number>): void;
  addFp32Contents(value: number, index?: number): number;

  clearFp64ContentsList(): void;
  getFp64ContentsList(): Array<number>;
  setFp64ContentsList(value: Array<number>): void;
  addFp64Contents(value: number, index?: number): number;

  clearBytesContentsList(): void;
  getBytesContentsList(): Array<Uint8Array | string>;
  getBytesContentsList_asU8(): Array<Uint8Array>;
  getBytesContentsList_asB64(): Array<string>;
  setBytesContentsList(value: Array<Uint8Array | string>): void;
  addBytesContents(value: Uint8Array | string, index?: number): Uint8Array | string;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): InferTensorContents.AsObject;
  static toObject(includeInstance: boolean, msg: InferTensorContents): InferTensorContents.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: InferTensorContents, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): InferTensorContents;
  static deserializeBinaryFromReader(message: InferTensorContents, reader: jspb.BinaryReader): InferTensorContents;
}

export namespace InferTensorContents {
  export type AsObject = {
    boolContentsList: Array<boolean>,
    intContentsList: Array<number>,
    int64ContentsList: Array<string>,
    uintContentsList: Array<number>,
    uint64ContentsList: Array<string>,
    fp32ContentsList: Array<number>,
    fp64ContentsList: Array<number>,
    bytesContentsList: Array<Uint8Array | string>,
  }
}

export class ModelInferRequest extends jspb.Message {
  getModelName(): string;
  setModelName(value: string): void;

  getModelVersion(): string;
  setModelVersion(value: string): void;

  getId(): string;
  setId(value: string): void;

  getParametersMap(): jspb.Map<string, InferParameter>;
  clearParametersMap(): void;
  clearInputsList(): void;
  getInputsList(): Array<ModelInferRequest.InferInputTensor>;
  setInputsList(value: Array<ModelInferRequest.InferInputTensor>): void;
  addInputs(value?: ModelInferRequest.InferInputTensor, index?: number): ModelInferRequest.InferInputTensor;

  clearOutputsList(): void;
  getOutputsList(): Array<ModelInferRequest.InferRequestedOutputTensor>;
  setOutputsList(value: Array<ModelInferRequest.InferRequestedOutputTensor>): void;
  addOutputs(value?: ModelInferRequest.InferRequestedOutputTensor, index?: number): ModelInferRequest.InferRequestedOutputTensor;

  clearRawInputContentsList(): void;
  getRawInputContentsList(): Array<Uint8Array | string>;
  getRawInputContentsList_asU8(): Array<Uint8Array>;
  getRawInputContentsList_asB64(): Array<string>;
  setRawInputContentsList(value: Array<Uint8Array | string>): void;
  addRawInputContents(value: Uint8Array | string, index?: number): Uint8Array | string;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ModelInferRequest.AsObject;
  static toObject(includeInstance: boolean, msg: ModelInferRequest): ModelInferRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ModelInferRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ModelInferRequest;
  static deserializeBinaryFromReader(message: ModelInferRequest, reader: jspb.BinaryReader): ModelInferRequest;
}

export namespace ModelInferRequest {
  export type AsObject = {
    modelName: string,
    modelVersion: string,
    id: string,
    parametersMap: Array<[string, InferParameter.AsObject]>,
    inputsList: Array<ModelInferRequest.InferInputTensor.AsObject>,
    outputsList: Array<ModelInferRequest.InferRequestedOutputTensor.AsObject>,
    rawInputContentsList: Array<Uint8Array | string>,
  }

  export class InferInputTensor extends jspb.Message {
    getName(): string;
    setName(value: string): void;

    getDatatype(): string;
    setDatatype(value: string): void;

    clearShapeList(): void;
    getShapeList(): Array<number>;
    setShapeList(value: Array<number>): void;
    addShape(value: number, index?: number): number;

    getParametersMap(): jspb.Map<string, InferParameter>;
    clearParametersMap(): void;
    hasContents(): boolean;
    clearContents(): void;
    getContents(): InferTensorContents | undefined;
    setContents(value?: InferTensorContents): void;

    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): InferInputTensor.AsObject;
    static toObject(includeInstance: boolean, msg: InferInputTensor): InferInputTensor.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: InferInputTensor, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): InferInputTensor;
    static deserializeBinaryFromReader(message: InferInputTensor, reader: jspb.BinaryReader): InferInputTensor;
  }

  export namespace InferInputTensor {
    export type AsObject = {
      name: string,
      datatype: string,
      shapeList: Array<number>,
      parametersMap: Array<[string, InferParameter.AsObject]>,
      contents?: InferTensorContents.AsObject,
    }
  }

  export class InferRequestedOutputTensor extends jspb.Message {
    getName(): string;
    setName(value: string): void;

    getParametersMap(): jspb.Map<string, InferParameter>;
    clearParametersMap(): void;
    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): InferRequestedOutputTensor.AsObject;
    static toObject(includeInstance: boolean, msg: InferRequestedOutputTensor): InferRequestedOutputTensor.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: InferRequestedOutputTensor, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): InferRequestedOutputTensor;
    static deserializeBinaryFromReader(message: InferRequestedOutputTensor, reader: jspb.BinaryReader): InferRequestedOutputTensor;
  }

  export namespace InferRequestedOutputTensor {
    export type AsObject = {
      name: string,
      parametersMap: Array<[string, InferParameter.AsObject]>,
    }
  }
}

export class ModelInferResponse extends jspb.Message {
  getModelName(): string;
  setModelName(value: string): void;

  getModelVersion(): string;
  setModelVersion(value: string): void;

  getId(): string;
  setId(value: string): void;

  getParametersMap(): jspb.Map<string, InferParameter>;
  clearParametersMap(): void;
  clearOutputsList(): void;
  getOutputsList(): Array<ModelInferResponse.InferOutputTensor>;
  setOutputsList(value: Array<ModelInferResponse.InferOutputTensor>): void;
  addOutputs(value?: ModelInferResponse.InferOutputTensor, index?: number): ModelInferResponse.InferOutputTensor;

  clearRawOutputContentsList(): void;
  getRawOutputContentsList(): Array<Uint8Array | string>;
  getRawOutputContentsList_asU8(): Array<Uint8Array>;
  getRawOutputContentsList_asB64(): Array<string>;
  setRawOutputContentsList(value: Array<Uint8Array | string>): void;
  addRawOutputContents(value: Uint8Array | string, index?: number): Uint8Array | string;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ModelInferResponse.AsObject;
  static toObject(includeInstance: boolean, msg: ModelInferResponse): ModelInferResponse.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ModelInferResponse, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ModelInferResponse;
  static deserializeBinaryFromReader(message: ModelInferResponse, reader: jspb.BinaryReader): ModelInferResponse;
}

export namespace ModelInferResponse {
  export type AsObject = {
    modelName: string,
    modelVersion: string,
    id: string,
    parametersMap: Array<[string, InferParameter.AsObject]>,
    outputsList: Array<ModelInferResponse.InferOutputTensor.AsObject>,
    rawOutputContentsList: Array<Uint8Array | string>,
  }

  export class InferOutputTensor extends jspb.Message {
    getName(): string;
    setName(value: string): void;

    getDatatype(): string;
    setDatatype(value: string): void;

    clearShapeList(): void;
    getShapeList(): Array<number>;
    setShapeList(value: Array<number>): void;
    addShape(value: number, index?: number): number;

    getParametersMap(): jspb.Map<string, InferParameter>;
    clearParametersMap(): void;
    hasContents(): boolean;
    clearContents(): void;
    getContents(): InferTensorContents | undefined;
    setContents(value?: InferTensorContents): void;

    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): InferOutputTensor.AsObject;
    static toObject(includeInstance: boolean, msg: InferOutputTensor): InferOutputTensor.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: InferOutputTensor, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): InferOutputTensor;
    static deserializeBinaryFromReader(message: InferOutputTensor, reader: jspb.BinaryReader): InferOutputTensor;
  }

  export namespace InferOutputTensor {
    export type AsObject = {
      name: string,
      datatype: string,
      shapeList: Array<number>,
      parametersMap: Array<[string, InferParameter.AsObject]>,
      contents?: InferTensorContents.AsObject,
    }
  }
}

export class RepositoryIndexRequest extends jspb.Message {
  getRepositoryName(): string;
  setRepositoryName(value: string): void;

  getReady(): boolean;
  setReady(value: boolean): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): RepositoryIndexRequest.AsObject;
  static toObject(includeInstance: boolean, msg: RepositoryIndexRequest): RepositoryIndexRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: RepositoryIndexRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): RepositoryIndexRequest;
  static deserializeBinaryFromReader(message: RepositoryIndexRequest, reader: jspb.BinaryReader): RepositoryIndexRequest;
}

export namespace RepositoryIndexRequest {
  export type AsObject = {
    repositoryName: string,
    ready: boolean,
  }
}

export class RepositoryIndexResponse extends jspb.Message {
  clearModelsList(): void;
  getModelsList(): Array<RepositoryIndexResponse.ModelIndex>;
  setModelsList(value: Array<RepositoryIndexResponse.ModelIndex>): void;
  addModels(value?: RepositoryIndexResponse.ModelIndex, index?: number): RepositoryIndexResponse.ModelIndex;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): RepositoryIndexResponse.AsObject;
  static toObject(includeInstance: boolean, msg: RepositoryIndexResponse): RepositoryIndexResponse.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: RepositoryIndexResponse, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): RepositoryIndexResponse;
  static deserializeBinaryFromReader(message: RepositoryIndexResponse, reader: jspb.BinaryReader): RepositoryIndexResponse;
}

export namespace RepositoryIndexResponse {
  export type AsObject = {
    modelsList: Array<RepositoryIndexResponse.ModelIndex.AsObject>,
  }

  export class ModelIndex extends jspb.Message {
    getName(): string;
    setName(value: string): void;

    getVersion(): string;
    setVersion(value: string): void;

    getState(): string;
    setState(value: string): void;

    getReason(): string;
    setReason(value: string): void;

    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): ModelIndex.AsObject;
    static toObject(includeInstance: boolean, msg: ModelIndex): ModelIndex.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: ModelIndex, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): ModelIndex;
    static deserializeBinaryFromReader(message: ModelIndex, reader: jspb.BinaryReader): ModelIndex;
  }

  export namespace ModelIndex {
    export type AsObject = {
      name: string,
      version: string,
      state: string,
      reason: string,
    }
  }
}

