// package: tensorflow.serving
// file: tensorflow_serving/apis/model.proto

import * as jspb from "google-protobuf";
import * as google_protobuf_wrappers_pb from "google-protobuf/google/protobuf/wrappers_pb";

export class ModelSpec extends jspb.Message {
  getName(): string;
  setName(value: string): void;

  hasVersion(): boolean;
  clearVersion(): void;
  getVersion(): google_protobuf_wrappers_pb.Int64Value | undefined;
  setVersion(value?: google_protobuf_wrappers_pb.Int64Value): void;

  hasVersionLabel(): boolean;
  clearVersionLabel(): void;
  getVersionLabel(): string;
  setVersionLabel(value: string): void;

  getSignatureName(): string;
  setSignatureName(value: string): void;

  getVersionChoiceCase(): ModelSpec.VersionChoiceCase;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ModelSpec.AsObject;
  static toObject(includeInstance: boolean, msg: ModelSpec): ModelSpec.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ModelSpec, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ModelSpec;
  static deserializeBinaryFromReader(message: ModelSpec, reader: jspb.BinaryReader): ModelSpec;
}

export namespace ModelSpec {
  export type AsObject = {
    name: string,
    version?: google_protobuf_wrappers_pb.Int64Value.AsObject,
    versionLabel: string,
    signatureName: string,
  }

  export enum VersionChoiceCase {
    VERSION_CHOICE_NOT_SET = 0,
    VERSION = 2,
    VERSION_LABEL = 4,
  }
}

