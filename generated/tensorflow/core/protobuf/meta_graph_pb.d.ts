// package: tensorflow
// file: tensorflow/core/protobuf/meta_graph.proto

import * as jspb from "google-protobuf";
import * as google_protobuf_any_pb from "google-protobuf/google/protobuf/any_pb";
import * as tensorflow_core_framework_graph_pb from "../../../tensorflow/core/framework/graph_pb";
import * as tensorflow_core_framework_op_def_pb from "../../../tensorflow/core/framework/op_def_pb";
import * as tensorflow_core_framework_tensor_pb from "../../../tensorflow/core/framework/tensor_pb";
import * as tensorflow_core_framework_tensor_shape_pb from "../../../tensorflow/core/framework/tensor_shape_pb";
import * as tensorflow_core_framework_types_pb from "../../../tensorflow/core/framework/types_pb";
import * as tensorflow_core_protobuf_saved_object_graph_pb from "../../../tensorflow/core/protobuf/saved_object_graph_pb";
import * as tensorflow_core_protobuf_saver_pb from "../../../tensorflow/core/protobuf/saver_pb";
import * as tensorflow_core_protobuf_struct_pb from "../../../tensorflow/core/protobuf/struct_pb";

export class MetaGraphDef extends jspb.Message {
  hasMetaInfoDef(): boolean;
  clearMetaInfoDef(): void;
  getMetaInfoDef(): MetaGraphDef.MetaInfoDef | undefined;
  setMetaInfoDef(value?: MetaGraphDef.MetaInfoDef): void;

  hasGraphDef(): boolean;
  clearGraphDef(): void;
  getGraphDef(): tensorflow_core_framework_graph_pb.GraphDef | undefined;
  setGraphDef(value?: tensorflow_core_framework_graph_pb.GraphDef): void;

  hasSaverDef(): boolean;
  clearSaverDef(): void;
  getSaverDef(): tensorflow_core_protobuf_saver_pb.SaverDef | undefined;
  setSaverDef(value?: tensorflow_core_protobuf_saver_pb.SaverDef): void;

  getCollectionDefMap(): jspb.Map<string, CollectionDef>;
  clearCollectionDefMap(): void;
  getSignatureDefMap(): jspb.Map<string, SignatureDef>;
  clearSignatureDefMap(): void;
  clearAssetFileDefList(): void;
  getAssetFileDefList(): Array<AssetFileDef>;
  setAssetFileDefList(value: Array<AssetFileDef>): void;
  addAssetFileDef(value?: AssetFileDef, index?: number): AssetFileDef;

  hasObjectGraphDef(): boolean;
  clearObjectGraphDef(): void;
  getObjectGraphDef(): tensorflow_core_protobuf_saved_object_graph_pb.SavedObjectGraph | undefined;
  setObjectGraphDef(value?: tensorflow_core_protobuf_saved_object_graph_pb.SavedObjectGraph): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): MetaGraphDef.AsObject;
  static toObject(includeInstance: boolean, msg: MetaGraphDef): MetaGraphDef.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: MetaGraphDef, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): MetaGraphDef;
  static deserializeBinaryFromReader(message: MetaGraphDef, reader: jspb.BinaryReader): MetaGraphDef;
}

export namespace MetaGraphDef {
  export type AsObject = {
    metaInfoDef?: MetaGraphDef.MetaInfoDef.AsObject,
    graphDef?: tensorflow_core_framework_graph_pb.GraphDef.AsObject,
    saverDef?: tensorflow_core_protobuf_saver_pb.SaverDef.AsObject,
    collectionDefMap: Array<[string, CollectionDef.AsObject]>,
    signatureDefMap: Array<[string, SignatureDef.AsObject]>,
    assetFileDefList: Array<AssetFileDef.AsObject>,
    objectGraphDef?: tensorflow_core_protobuf_saved_object_graph_pb.SavedObjectGraph.AsObject,
  }

  export class MetaInfoDef extends jspb.Message {
    getMetaGraphVersion(): string;
    setMetaGraphVersion(value: string): void;

    hasStrippedOpList(): boolean;
    clearStrippedOpList(): void;
    getStrippedOpList(): tensorflow_core_framework_op_def_pb.OpList | undefined;
    setStrippedOpList(value?: tensorflow_core_framework_op_def_pb.OpList): void;

    hasAnyInfo(): boolean;
    clearAnyInfo(): void;
    getAnyInfo(): google_protobuf_any_pb.Any | undefined;
    setAnyInfo(value?: google_protobuf_any_pb.Any): void;

    clearTagsList(): void;
    getTagsList(): Array<string>;
    setTagsList(value: Array<string>): void;
    addTags(value: string, index?: number): string;

    getTensorflowVersion(): string;
    setTensorflowVersion(value: string): void;

    getTensorflowGitVersion(): string;
    setTensorflowGitVersion(value: string): void;

    getStrippedDefaultAttrs(): boolean;
    setStrippedDefaultAttrs(value: boolean): void;

    getFunctionAliasesMap(): jspb.Map<string, string>;
    clearFunctionAliasesMap(): void;
    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): MetaInfoDef.AsObject;
    static toObject(includeInstance: boolean, msg: MetaInfoDef): MetaInfoDef.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: MetaInfoDef, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): MetaInfoDef;
    static deserializeBinaryFromReader(message: MetaInfoDef, reader: jspb.BinaryReader): MetaInfoDef;
  }

  export namespace MetaInfoDef {
    export type AsObject = {
      metaGraphVersion: string,
      strippedOpList?: tensorflow_core_framework_op_def_pb.OpList.AsObject,
      anyInfo?: google_protobuf_any_pb.Any.AsObject,
      tagsList: Array<string>,
      tensorflowVersion: string,
      tensorflowGitVersion: string,
      strippedDefaultAttrs: boolean,
      functionAliasesMap: Array<[string, string]>,
    }
  }
}

export class CollectionDef extends jspb.Message {
  hasNodeList(): boolean;
  clearNodeList(): void;
  getNodeList(): CollectionDef.NodeList | undefined;
  setNodeList(value?: CollectionDef.NodeList): void;

  hasBytesList(): boolean;
  clearBytesList(): void;
  getBytesList(): CollectionDef.BytesList | undefined;
  setBytesList(value?: CollectionDef.BytesList): void;

  hasInt64List(): boolean;
  clearInt64List(): void;
  getInt64List(): CollectionDef.Int64List | undefined;
  setInt64List(value?: CollectionDef.Int64List): void;

  hasFloatList(): boolean;
  clearFloatList(): void;
  getFloatList(): CollectionDef.FloatList | undefined;
  setFloatList(value?: CollectionDef.FloatList): void;

  hasAnyList(): boolean;
  clearAnyList(): void;
  getAnyList(): CollectionDef.AnyList | undefined;
  setAnyList(value?: CollectionDef.AnyList): void;

  getKindCase(): CollectionDef.KindCase;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): CollectionDef.AsObject;
  static toObject(includeInstance: boolean, msg: CollectionDef): CollectionDef.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: CollectionDef, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): CollectionDef;
  static deserializeBinaryFromReader(message: CollectionDef, reader: jspb.BinaryReader): CollectionDef;
}

export namespace CollectionDef {
  export type AsObject = {
    nodeList?: CollectionDef.NodeList.AsObject,
    bytesList?: CollectionDef.BytesList.AsObject,
    int64List?: CollectionDef.Int64List.AsObject,
    floatList?: CollectionDef.FloatList.AsObject,
    anyList?: CollectionDef.AnyList.AsObject,
  }

  export class NodeList extends jspb.Message {
    clearValueList(): void;
    getValueList(): Array<string>;
    setValueList(value: Array<string>): void;
    addValue(value: string, index?: number): string;

    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): NodeList.AsObject;
    static toObject(includeInstance: boolean, msg: NodeList): NodeList.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: NodeList, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): NodeList;
    static deserializeBinaryFromReader(message: NodeList, reader: jspb.BinaryReader): NodeList;
  }

  export namespace NodeList {
    export type AsObject = {
      valueList: Array<string>,
    }
  }

  export class BytesList extends jspb.Message {
    clearValueList(): void;
    getValueList(): Array<Uint8Array | string>;
    getValueList_asU8(): Array<Uint8Array>;
    getValueList_asB64(): Array<string>;
    setValueList(value: Array<Uint8Array | string>): void;
    addValue(value: Uint8Array | string, index?: number): Uint8Array | string;

    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): BytesList.AsObject;
    static toObject(includeInstance: boolean, msg: BytesList): BytesList.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: BytesList, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): BytesList;
    static deserializeBinaryFromReader(message: BytesList, reader: jspb.BinaryReader): BytesList;
  }

  export namespace BytesList {
    export type AsObject = {
      valueList: Array<Uint8Array | string>,
    }
  }

  export class Int64List extends jspb.Message {
    clearValueList(): void;
    getValueList(): Array<string>;
    setValueList(value: Array<string>): void;
    addValue(value: string, index?: number): string;

    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): Int64List.AsObject;
    static toObject(includeInstance: boolean, msg: Int64List): Int64List.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: Int64List, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): Int64List;
    static deserializeBinaryFromReader(message: Int64List, reader: jspb.BinaryReader): Int64List;
  }

  export namespace Int64List {
    export type AsObject = {
      valueList: Array<string>,
    }
  }

  export class FloatList extends jspb.Message {
    clearValueList(): void;
    getValueList(): Array<number>;
    setValueList(value: Array<number>): void;
    addValue(value: number, index?: number): number;

    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): FloatList.AsObject;
    static toObject(includeInstance: boolean, msg: FloatList): FloatList.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: FloatList, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): FloatList;
    static deserializeBinaryFromReader(message: FloatList, reader: jspb.BinaryReader): FloatList;
  }

  export namespace FloatList {
    export type AsObject = {
      valueList: Array<number>,
    }
  }

  export class AnyList extends jspb.Message {
    clearValueList(): void;
    getValueList(): Array<google_protobuf_any_pb.Any>;
    setValueList(value: Array<google_protobuf_any_pb.Any>): void;
    addValue(value?: google_protobuf_any_pb.Any, index?: number): google_protobuf_any_pb.Any;

    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): AnyList.AsObject;
    static toObject(includeInstance: boolean, msg: AnyList): AnyList.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: AnyList, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): AnyList;
    static deserializeBinaryFromReader(message: AnyList, reader: jspb.BinaryReader): AnyList;
  }

  export namespace AnyList {
    export type AsObject = {
      valueList: Array<google_protobuf_any_pb.Any.AsObject>,
    }
  }

  export enum KindCase {
    KIND_NOT_SET = 0,
    NODE_LIST = 1,
    BYTES_LIST = 2,
    INT64_LIST = 3,
    FLOAT_LIST = 4,
    ANY_LIST = 5,
  }
}

export class TensorInfo extends jspb.Message {
  hasName(): boolean;
  clearName(): void;
  getName(): string;
  setName(value: string): void;

  hasCooSparse(): boolean;
  clearCooSparse(): void;
  getCooSparse(): TensorInfo.CooSparse | undefined;
  setCooSparse(value?: TensorInfo.CooSparse): void;

  hasCompositeTensor(): boolean;
  clearCompositeTensor(): void;
  getCompositeTensor(): TensorInfo.CompositeTensor | undefined;
  setCompositeTensor(value?: TensorInfo.CompositeTensor): void;

  getDtype(): tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap];
  setDtype(value: tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap]): void;

  hasTensorShape(): boolean;
  clearTensorShape(): void;
  getTensorShape(): tensorflow_core_framework_tensor_shape_pb.TensorShapeProto | undefined;
  setTensorShape(value?: tensorflow_core_framework_tensor_shape_pb.TensorShapeProto): void;

  getEncodingCase(): TensorInfo.EncodingCase;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): TensorInfo.AsObject;
  static toObject(includeInstance: boolean, msg: TensorInfo): TensorInfo.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: TensorInfo, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): TensorInfo;
  static deserializeBinaryFromReader(message: TensorInfo, reader: jspb.BinaryReader): TensorInfo;
}

export namespace TensorInfo {
  export type AsObject = {
    name: string,
    cooSparse?: TensorInfo.CooSparse.AsObject,
    compositeTensor?: TensorInfo.CompositeTensor.AsObject,
    dtype: tensorflow_core_framework_types_pb.DataTypeMap[keyof tensorflow_core_framework_types_pb.DataTypeMap],
    tensorShape?: tensorflow_core_framework_tensor_shape_pb.TensorShapeProto.AsObject,
  }

  export class CooSparse extends jspb.Message {
    getValuesTensorName(): string;
    setValuesTensorName(value: string): void;

    getIndicesTensorName(): string;
    setIndicesTensorName(value: string): void;

    getDenseShapeTensorName(): string;
    setDenseShapeTensorName(value: string): void;

    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): CooSparse.AsObject;
    static toObject(includeInstance: boolean, msg: CooSparse): CooSparse.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: CooSparse, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): CooSparse;
    static deserializeBinaryFromReader(message: CooSparse, reader: jspb.BinaryReader): CooSparse;
  }

  export namespace CooSparse {
    export type AsObject = {
      valuesTensorName: string,
      indicesTensorName: string,
      denseShapeTensorName: string,
    }
  }

  export class CompositeTensor extends jspb.Message {
    hasTypeSpec(): boolean;
    clearTypeSpec(): void;
    getTypeSpec(): tensorflow_core_protobuf_struct_pb.TypeSpecProto | undefined;
    setTypeSpec(value?: tensorflow_core_protobuf_struct_pb.TypeSpecProto): void;

    clearComponentsList(): void;
    getComponentsList(): Array<TensorInfo>;
    setComponentsList(value: Array<TensorInfo>): void;
    addComponents(value?: TensorInfo, index?: number): TensorInfo;

    serializeBinary(): Uint8Array;
    toObject(includeInstance?: boolean): CompositeTensor.AsObject;
    static toObject(includeInstance: boolean, msg: CompositeTensor): CompositeTensor.AsObject;
    static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
    static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
    static serializeBinaryToWriter(message: CompositeTensor, writer: jspb.BinaryWriter): void;
    static deserializeBinary(bytes: Uint8Array): CompositeTensor;
    static deserializeBinaryFromReader(message: CompositeTensor, reader: jspb.BinaryReader): CompositeTensor;
  }

  export namespace CompositeTensor {
    export type AsObject = {
      typeSpec?: tensorflow_core_protobuf_struct_pb.TypeSpecProto.AsObject,
      componentsList: Array<TensorInfo.AsObject>,
    }
  }

  export enum EncodingCase {
    ENCODING_NOT_SET = 0,
    NAME = 1,
    COO_SPARSE = 4,
    COMPOSITE_TENSOR = 5,
  }
}

export class SignatureDef extends jspb.Message {
  getInputsMap(): jspb.Map<string, TensorInfo>;
  clearInputsMap(): void;
  getOutputsMap(): jspb.Map<string, TensorInfo>;
  clearOutputsMap(): void;
  getMethodName(): string;
  setMethodName(value: string): void;

  getDefaultsMap(): jspb.Map<string, tensorflow_core_framework_tensor_pb.TensorProto>;
  clearDefaultsMap(): void;
  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): SignatureDef.AsObject;
  static toObject(includeInstance: boolean, msg: SignatureDef): SignatureDef.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: SignatureDef, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): SignatureDef;
  static deserializeBinaryFromReader(message: SignatureDef, reader: jspb.BinaryReader): SignatureDef;
}

export namespace SignatureDef {
  export type AsObject = {
    inputsMap: Array<[string, TensorInfo.AsObject]>,
    outputsMap: Array<[string, TensorInfo.AsObject]>,
    methodName: string,
    defaultsMap: Array<[string, tensorflow_core_framework_tensor_pb.TensorProto.AsObject]>,
  }
}

export class AssetFileDef extends jspb.Message {
  hasTensorInfo(): boolean;
  clearTensorInfo(): void;
  getTensorInfo(): TensorInfo | undefined;
  setTensorInfo(value?: TensorInfo): void;

  getFilename(): string;
  setFilename(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): AssetFileDef.AsObject;
  static toObject(includeInstance: boolean, msg: AssetFileDef): AssetFileDef.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: AssetFileDef, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): AssetFileDef;
  static deserializeBinaryFromReader(message: AssetFileDef, reader: jspb.BinaryReader): AssetFileDef;
}

export namespace AssetFileDef {
  export type AsObject = {
    tensorInfo?: TensorInfo.AsObject,
    filename: string,
  }
}

