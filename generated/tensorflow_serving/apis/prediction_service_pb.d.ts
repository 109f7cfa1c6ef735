// package: tensorflow.serving
// file: tensorflow_serving/apis/prediction_service.proto

import * as jspb from "google-protobuf";
import * as tensorflow_serving_apis_classification_pb from "../../tensorflow_serving/apis/classification_pb";
import * as tensorflow_serving_apis_get_model_metadata_pb from "../../tensorflow_serving/apis/get_model_metadata_pb";
import * as tensorflow_serving_apis_inference_pb from "../../tensorflow_serving/apis/inference_pb";
import * as tensorflow_serving_apis_predict_pb from "../../tensorflow_serving/apis/predict_pb";
import * as tensorflow_serving_apis_regression_pb from "../../tensorflow_serving/apis/regression_pb";

