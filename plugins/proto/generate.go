// Package proto has the gRPC messages between a host and its plugins,
// generated from the .proto files beside it. They are the contract for
// plugins in other languages; Go programs use package plugins instead.
package proto

//go:generate sh -c "protoc --proto_path=. --plugin=protoc-gen-go=$(go tool -n protoc-gen-go) --plugin=protoc-gen-go-grpc=$(go tool -n protoc-gen-go-grpc) --go_out=. --go_opt=paths=source_relative --go-grpc_out=. --go-grpc_opt=paths=source_relative *.proto"

// The Python code for examples/python. Debian's protobuf-compiler and
// protobuf-compiler-grpc make what its python3-protobuf can read.
//
//go:generate sh -c "protoc --proto_path=rushpb=. --proto_path=rushpb=goplugin --plugin=protoc-gen-grpc_python=$(command -v grpc_python_plugin) --python_out=../../examples/python --grpc_python_out=../../examples/python rushpb/catalog.proto rushpb/evaluator.proto rushpb/host.proto rushpb/loop.proto rushpb/goplugin.proto"
