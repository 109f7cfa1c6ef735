// package: tensorflow
// file: tensorflow/core/protobuf/saved_model.proto

import * as jspb from "google-protobuf";
import * as tensorflow_core_protobuf_meta_graph_pb from "../../../tensorflow/core/protobuf/meta_graph_pb";

export class SavedModel extends jspb.Message {
  getSavedModelSchemaVersion(): number;
  setSavedModelSchemaVersion(value: number): void;

  clearMetaGraphsList(): void;
  getMetaGraphsList(): Array<tensorflow_core_protobuf_meta_graph_pb.MetaGraphDef>;
  setMetaGraphsList(value: Array<tensorflow_core_protobuf_meta_graph_pb.MetaGraphDef>): void;
  addMetaGraphs(value?: tensorflow_core_protobuf_meta_graph_pb.MetaGraphDef, index?: number): tensorflow_core_protobuf_meta_graph_pb.MetaGraphDef;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): SavedModel.AsObject;
  static toObject(includeInstance: boolean, msg: SavedModel): SavedModel.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: SavedModel, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): SavedModel;
  static deserializeBinaryFromReader(message: SavedModel, reader: jspb.BinaryReader): SavedModel;
}

export namespace SavedModel {
  export type AsObject = {
    savedModelSchemaVersion: number,
    metaGraphsList: Array<tensorflow_core_protobuf_meta_graph_pb.MetaGraphDef.AsObject>,
  }
}

