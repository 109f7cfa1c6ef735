// package: tensorflow
// file: tensorflow/core/example/example.proto

import * as jspb from "google-protobuf";
import * as tensorflow_core_example_feature_pb from "../../../tensorflow/core/example/feature_pb";

export class Example extends jspb.Message {
  hasFeatures(): boolean;
  clearFeatures(): void;
  getFeatures(): tensorflow_core_example_feature_pb.Features | undefined;
  setFeatures(value?: tensorflow_core_example_feature_pb.Features): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): Example.AsObject;
  static toObject(includeInstance: boolean, msg: Example): Example.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: Example, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): Example;
  static deserializeBinaryFromReader(message: Example, reader: jspb.BinaryReader): Example;
}

export namespace Example {
  export type AsObject = {
    features?: tensorflow_core_example_feature_pb.Features.AsObject,
  }
}

export class SequenceExample extends jspb.Message {
  hasContext(): boolean;
  clearContext(): void;
  getContext(): tensorflow_core_example_feature_pb.Features | undefined;
  setContext(value?: tensorflow_core_example_feature_pb.Features): void;

  hasFeatureLists(): boolean;
  clearFeatureLists(): void;
  getFeatureLists(): tensorflow_core_example_feature_pb.FeatureLists | undefined;
  setFeatureLists(value?: tensorflow_core_example_feature_pb.FeatureLists): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): SequenceExample.AsObject;
  static toObject(includeInstance: boolean, msg: SequenceExample): SequenceExample.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: SequenceExample, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): SequenceExample;
  static deserializeBinaryFromReader(message: SequenceExample, reader: jspb.BinaryReader): SequenceExample;
}

export namespace SequenceExample {
  export type AsObject = {
    context?: tensorflow_core_example_feature_pb.Features.AsObject,
    featureLists?: tensorflow_core_example_feature_pb.FeatureLists.AsObject,
  }
}

