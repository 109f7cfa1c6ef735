// package: tensorflow.serving
// file: tensorflow_serving/apis/model_service.proto

import * as jspb from "google-protobuf";
import * as tensorflow_serving_apis_get_model_status_pb from "../../tensorflow_serving/apis/get_model_status_pb";
import * as tensorflow_serving_apis_model_management_pb from "../../tensorflow_serving/apis/model_management_pb";

