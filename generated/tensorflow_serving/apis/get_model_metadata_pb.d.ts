// package: tensorflow.serving
// file: tensorflow_serving/apis/get_model_metadata.proto

import * as jspb from "google-protobuf";
import * as google_protobuf_any_pb from "google-protobuf/google/protobuf/any_pb";
import * as tensorflow_core_protobuf_meta_graph_pb from "../../tensorflow/core/protobuf/meta_graph_pb";
import * as tensorflow_serving_apis_model_pb from "../../tensorflow_serving/apis/model_pb";

export class SignatureDefMap extends jspb.Message {
  getSignatureDefMap(): jspb.Map<string, tensorflow_core_protobuf_meta_graph_pb.SignatureDef>;
  clearSignatureDefMap(): void;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): SignatureDefMap.AsObject;
  static toObject(includeInstance: boolean, msg: SignatureDefMap): SignatureDefMap.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: SignatureDefMap, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): SignatureDefMap;
  static deserializeBinaryFromReader(message: SignatureDefMap, reader: jspb.BinaryReader): SignatureDefMap;
}

export namespace SignatureDefMap {
  export type AsObject = {
    signatureDefMap: Array<[string, tensorflow_core_protobuf_meta_graph_pb.SignatureDef.AsObject]>,
  }
}

export class GetModelMetadataRequest extends jspb.Message {
  hasModelSpec(): boolean;
  clearModelSpec(): void;
  getModelSpec(): tensorflow_serving_apis_model_pb.ModelSpec | undefined;
  setModelSpec(value?: tensorflow_serving_apis_model_pb.ModelSpec): void;

  clearMetadataFieldList(): void;
  getMetadataFieldList(): Array<string>;
  setMetadataFieldList(value: Array<string>): void;
  addMetadataField(value: string, index?: number): string;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): GetModelMetadataRequest.AsObject;
  static toObject(includeInstance: boolean, msg: GetModelMetadataRequest): GetModelMetadataRequest.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: GetModelMetadataRequest, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): GetModelMetadataRequest;
  static deserializeBinaryFromReader(message: GetModelMetadataRequest, reader: jspb.BinaryReader): GetModelMetadataRequest;
}

export namespace GetModelMetadataRequest {
  export type AsObject = {
    modelSpec?: tensorflow_serving_apis_model_pb.ModelSpec.AsObject,
    metadataFieldList: Array<string>,
  }
}

export class GetModelMetadataResponse extends jspb.Message {
  hasModelSpec(): boolean;
  clearModelSpec(): void;
  getModelSpec(): tensorflow_serving_apis_model_pb.ModelSpec | undefined;
  setModelSpec(value?: tensorflow_serving_apis_model_pb.ModelSpec): void;

  getMetadataMap(): jspb.Map<string, google_protobuf_any_pb.Any>;
  clearMetadataMap(): void;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): GetModelMetadataResponse.AsObject;
  static toObject(includeInstance: boolean, msg: GetModelMetadataResponse): GetModelMetadataResponse.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: GetModelMetadataResponse, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): GetModelMetadataResponse;
  static deserializeBinaryFromReader(message: GetModelMetadataResponse, reader: jspb.BinaryReader): GetModelMetadataResponse;
}

export namespace GetModelMetadataResponse {
  export type AsObject = {
    modelSpec?: tensorflow_serving_apis_model_pb.ModelSpec.AsObject,
    metadataMap: Array<[string, google_protobuf_any_pb.Any.AsObject]>,
  }
}

