// package: tensorflow.serving
// file: tensorflow_serving/apis/input.proto

import * as jspb from "google-protobuf";
import * as tensorflow_core_example_example_pb from "../../tensorflow/core/example/example_pb";

export class ExampleList extends jspb.Message {
  clearExamplesList(): void;
  getExamplesList(): Array<tensorflow_core_example_example_pb.Example>;
  setExamplesList(value: Array<tensorflow_core_example_example_pb.Example>): void;
  addExamples(value?: tensorflow_core_example_example_pb.Example, index?: number): tensorflow_core_example_example_pb.Example;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ExampleList.AsObject;
  static toObject(includeInstance: boolean, msg: ExampleList): ExampleList.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ExampleList, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ExampleList;
  static deserializeBinaryFromReader(message: ExampleList, reader: jspb.BinaryReader): ExampleList;
}

export namespace ExampleList {
  export type AsObject = {
    examplesList: Array<tensorflow_core_example_example_pb.Example.AsObject>,
  }
}

export class ExampleListWithContext extends jspb.Message {
  clearExamplesList(): void;
  getExamplesList(): Array<tensorflow_core_example_example_pb.Example>;
  setExamplesList(value: Array<tensorflow_core_example_example_pb.Example>): void;
  addExamples(value?: tensorflow_core_example_example_pb.Example, index?: number): tensorflow_core_example_example_pb.Example;

  hasContext(): boolean;
  clearContext(): void;
  getContext(): tensorflow_core_example_example_pb.Example | undefined;
  setContext(value?: tensorflow_core_example_example_pb.Example): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): ExampleListWithContext.AsObject;
  static toObject(includeInstance: boolean, msg: ExampleListWithContext): ExampleListWithContext.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: ExampleListWithContext, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): ExampleListWithContext;
  static deserializeBinaryFromReader(message: ExampleListWithContext, reader: jspb.BinaryReader): ExampleListWithContext;
}

export namespace ExampleListWithContext {
  export type AsObject = {
    examplesList: Array<tensorflow_core_example_example_pb.Example.AsObject>,
    context?: tensorflow_core_example_example_pb.Example.AsObject,
  }
}

export class Input extends jspb.Message {
  hasExampleList(): boolean;
  clearExampleList(): void;
  getExampleList(): ExampleList | undefined;
  setExampleList(value?: ExampleList): void;

  hasExampleListWithContext(): boolean;
  clearExampleListWithContext(): void;
  getExampleListWithContext(): ExampleListWithContext | undefined;
  setExampleListWithContext(value?: ExampleListWithContext): void;

  getKindCase(): Input.KindCase;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): Input.AsObject;
  static toObject(includeInstance: boolean, msg: Input): Input.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: Input, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): Input;
  static deserializeBinaryFromReader(message: Input, reader: jspb.BinaryReader): Input;
}

export namespace Input {
  export type AsObject = {
    exampleList?: ExampleList.AsObject,
    exampleListWithContext?: ExampleListWithContext.AsObject,
  }

  export enum KindCase {
    KIND_NOT_SET = 0,
    EXAMPLE_LIST = 1,
    EXAMPLE_LIST_WITH_CONTEXT = 2,
  }
}

