package npy

import (
	"archive/zip"
	"path"
	"strings"

	"setwise/io/internal/text"
)

// signs tell zip archives of other kinds by the names of what is in them, in lower
// case, as patterns of path.Match. The first that fits counts.
var signs = []struct{ pattern, kind string }{
	{"3d/*.model", "a 3MF model: export it as STL, OBJ or PLY"},
	{"word/document.xml", "a Word document (.docx)"},
	{"xl/workbook.xml", "an Excel workbook (.xlsx): export it as CSV"},
	{"xl/workbook.bin", "an Excel workbook (.xlsb): export it as CSV"},
	{"ppt/presentation.xml", "a PowerPoint presentation (.pptx)"},
	{"androidmanifest.xml", "an Android app (.apk)"},
	{"meta-inf/container.xml", "an EPUB book"},
	{"data.pkl", "a PyTorch file: see package io/tensor"},
	{"*/data.pkl", "a PyTorch file: see package io/tensor"},
	{"model.weights.h5", "a Keras model (.keras)"},
	{"*.usd", "a USDZ model"},
	{"*.usda", "a USDZ model"},
	{"*.usdc", "a USDZ model"},
	{"*.kml", "a KMZ map"},
	{"guidocument.xml", "a FreeCAD document (.FCStd): export it as STL, OBJ or PLY"},
	{"document.xml", "a FreeCAD document (.FCStd): export it as STL, OBJ or PLY"},
	{"meta-inf/manifest.xml", "an OpenDocument file (.odt, .ods, .odp)"},
	{"*.dist-info/wheel", "a Python package (.whl)"},
	{"*.amf", "a compressed AMF model: export it as STL, OBJ or PLY"},
	{"payload/*.app/info.plist", "an iOS app (.ipa)"},
	{"meta-inf/manifest.mf", "a Java archive (.jar)"},
}

// contents says what is in an archive without arrays.
func contents(files []*zip.File) string {
	const most = 10_000 // names looked at
	files = files[:min(most, len(files))]
	for _, s := range signs {
		for _, f := range files {
			if ok, _ := path.Match(s.pattern, strings.ToLower(f.Name)); ok {
				return s.kind
			}
		}
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.Name
	}
	return "other files, to be unpacked first: " + text.List(names)
}
