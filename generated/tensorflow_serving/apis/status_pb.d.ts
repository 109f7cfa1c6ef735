// package: tensorflow.serving
// file: tensorflow_serving/apis/status.proto

import * as jspb from "google-protobuf";
import * as tensorflow_core_protobuf_error_codes_pb from "../../tensorflow/core/protobuf/error_codes_pb";

export class StatusProto extends jspb.Message {
  getErrorCode(): tensorflow_core_protobuf_error_codes_pb.CodeMap[keyof tensorflow_core_protobuf_error_codes_pb.CodeMap];
  setErrorCode(value: tensorflow_core_protobuf_error_codes_pb.CodeMap[keyof tensorflow_core_protobuf_error_codes_pb.CodeMap]): void;

  getErrorMessage(): string;
  setErrorMessage(value: string): void;

  serializeBinary(): Uint8Array;
  toObject(includeInstance?: boolean): StatusProto.AsObject;
  static toObject(includeInstance: boolean, msg: StatusProto): StatusProto.AsObject;
  static extensions: {[key: number]: jspb.ExtensionFieldInfo<jspb.Message>};
  static extensionsBinary: {[key: number]: jspb.ExtensionFieldBinaryInfo<jspb.Message>};
  static serializeBinaryToWriter(message: StatusProto, writer: jspb.BinaryWriter): void;
  static deserializeBinary(bytes: Uint8Array): StatusProto;
  static deserializeBinaryFromReader(message: StatusProto, reader: jspb.BinaryReader): StatusProto;
}

export namespace StatusProto {
  export type AsObject = {
    errorCode: tensorflow_core_protobuf_error_codes_pb.CodeMap[keyof tensorflow_core_protobuf_error_codes_pb.CodeMap],
    errorMessage: string,
  }
}

