// source: tensorflow_serving/apis/model_service.proto
/**
 * @fileoverview
 * @enhanceable
 * @suppress {missingRequire} reports error on implicit type usages.
 * @suppress {messageConventions} JS Compiler reports an error if a variable or
 *     field starts with 'MSG_' and isn't a translatable message.
 * @public
 */
// GENERATED CODE -- DO NOT EDIT!
/* eslint-disable */
// @ts-nocheck

var jspb = require('google-protobuf');
var goog = jspb;
var global = (function() { return this || window || global || self || Function('return this')(); }).call(null);

var tensorflow_serving_apis_get_model_status_pb = require('../../tensorflow_serving/apis/get_model_status_pb.js');
goog.object.extend(proto, tensorflow_serving_apis_get_model_status_pb);
var tensorflow_serving_apis_model_management_pb = require('../../tensorflow_serving/apis/model_management_pb.js');
goog.object.extend(proto, tensorflow_serving_apis_model_management_pb);
