// Package modelio saves and loads models: model.safetensors, which the public
// safetensors libraries read too, and weights.npz, for NumPy.
//
// # model.safetensors
//
// Eight bytes hold the length of a JSON header, little-endian; the header maps
// each tensor's name to its type, shape and place in the bytes that follow it
// (https://github.com/huggingface/safetensors, "Format"). Tensors are row by
// row, little-endian, named as engine/nn names them ("encoder.0.weight"), and
// the fitted numbers of the preprocessing are preprocess.K.<name>. The
// parameters are F32 when the model was trained in float32, else F64; the
// preprocessing is always F64. The header's __metadata__ holds
//
//	filterscope   the version of this layout, "1"
//	recipe        the recipe of the run, TOML
//	precision     float32 or float64
//	geometry      of one example, as an image: "28x28x1" (width, height, channels)
//
// and whatever else Model.Metadata does. The same model always gives the same
// bytes.
//
// # weights.npz
//
// The same names, one array each, and no metadata.
//
// Readers bound every length by the size of the file before they allocate.
// Files are written whole or not at all; see WriteFile.
package modelio
