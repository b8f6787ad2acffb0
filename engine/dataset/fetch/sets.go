// Package fetch downloads the published digit-like data sets: four gzip IDX
// files each, from public mirrors in turn. A download that was cut off goes on
// where it ended, and a file counts only when its checksum is the published
// one; until then it has another name.
package fetch

// Set is a published data set.
type Set struct {
	Name    string   // as typed on the command line, and the name of its folder
	Title   string   // for people
	Licence string   // for people: what its makers allow
	Mirrors []string // addresses the names of the files are appended to, best first
	Files   []File
}

// File is one file of a set. Its checksums are hexadecimal; an empty one is
// not looked at, and one must be there.
type File struct {
	Name        string
	MD5, SHA256 string
}

// The names of the four files are the same in all sets.
const (
	trainImages = "train-images-idx3-ubyte.gz"
	trainLabels = "train-labels-idx1-ubyte.gz"
	testImages  = "t10k-images-idx3-ubyte.gz"
	testLabels  = "t10k-labels-idx1-ubyte.gz"
)

// Sets returns the data sets that can be fetched. Their MD5 sums are those
// their makers (and torchvision) publish.
func Sets() []Set {
	return []Set{
		{
			Name: "mnist", Title: "MNIST: 70,000 handwritten digits",
			Licence: "Y. LeCun and C. Cortes; commonly stated as CC BY-SA 3.0",
			Mirrors: []string{
				"https://ossci-datasets.s3.amazonaws.com/mnist/",
				"https://storage.googleapis.com/cvdf-datasets/mnist/",
				"https://sagemaker-sample-files.s3.amazonaws.com/datasets/image/MNIST/",
			},
			Files: []File{
				{trainImages, "f68b3c2dcbeaaa9fbdd348bbdeb94873", "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"},
				{trainLabels, "d53e105ee54ea40749a09fcbcd1e9432", "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"},
				{testImages, "9fb629c4189551a2d022fa330f9573f3", "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"},
				{testLabels, "ec29112dd5afa0611ce80d1b7f02629c", "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"},
			},
		},
		{
			Name: "kmnist", Title: "Kuzushiji-MNIST: 70,000 cursive hiragana characters",
			Licence: "KMNIST Dataset (created by CODH), CC BY-SA 4.0",
			Mirrors: []string{
				"https://codh.rois.ac.jp/kmnist/dataset/kmnist/",
				"http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
			},
			Files: []File{
				{trainImages, "bdb82020997e1d708af4cf47b453dcf7", ""},
				{trainLabels, "e144d726b3acfaa3e44228e80efcd344", ""},
				{testImages, "5c965bf0a639b31b8f53240b1b52f4d7", ""},
				{testLabels, "7320c461ea6c1c855c0b718fb2a4b134", ""},
			},
		},
		{
			Name: "fashion-mnist", Title: "Fashion-MNIST: 70,000 pictures of clothes",
			Licence: "Zalando SE, MIT licence",
			Mirrors: []string{
				"https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
				"http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
			},
			Files: []File{
				{trainImages, "8d4fb7e6c68d591d4c3dfef9ec88bf0d", ""},
				{trainLabels, "25c81989df183df01b3e8a0aad5dffbe", ""},
				{testImages, "bef4ecab320f06d8554ea6380940ec79", ""},
				{testLabels, "bb300cfdad3c16e7a12a480ee83cd310", ""},
			},
		},
	}
}

// Find returns the set of a name.
func Find(name string) (Set, bool) {
	for _, s := range Sets() {
		if s.Name == name {
			return s, true
		}
	}
	return Set{}, false
}
