// package: tensorflow
// file: tensorflow/core/framework/graph.proto

import * as jspb from "google-protobuf";
import * as tensorflow_core_framework_function_pb from "../../../tensorflow/core/framework/function_pb";
import * as tensorflow_core_framework_node_def_pb from "../../../tensorflow/core/framework/node_def_pb";
import * as tensorflow_core_framework_versions_pb from "../../../tensorflow/core/framework/versions_pb";

export class GraphDef extends jspb.Message {
  clearNodeList(): void;
  getNodeList(): Array<tensorflow_core_framework_node_def_pb.NodeDef>;
  setNodeList(value: Array<tensorflow_core_framework_node_def_pb.NodeDef>): void;
  addNode(value?: tensorflow_core_framework_node_def_pb.NodeDef, index?: number): tensorflow_core_framework_node_def_pb.NodeDef;

  hasLibrary(): boolean;
  clearLibrary(): void;
  getLibrary(): tensorflow_core_framework_function_pb.FunctionDefLibrary | undefined;
  setLibrary(value?: tensorflow_core_framework_function_pb.FunctionDefLibrary): void;

  getVersion(): number;
  setVersion(value: number): void;

  hasVersions(): boolean;
  clearVersions(): void;
  getVersions(): tensorflow_core_framework_versions_pb.VersionDef | undefined;
  setVersions(value?: tensorflow_core_framework_versions_pb.VersionDef): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): GraphDef.AsObject;
  static toObject(includeInstance: boolean, msg: GraphDef): GraphDef.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: GraphDef, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): GraphDef;
  static deserializeBinaryFromReader(message: GraphDef, reader: jspb.BinaryReader): GraphDef;
}

export namespace GraphDef {
  export type AsObject = {
    nodeList: Array<tensorflow_core_framework_node_def_pb.NodeDef.AsObject>,
    library?: tensorflow_core_framework_function_pb.FunctionDefLibrary.AsObject,
    version: number,
    versions?: tensorflow_core_framework_versions_pb.VersionDef.AsObject,
  }
}

