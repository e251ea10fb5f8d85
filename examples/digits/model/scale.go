package main

import "math"

// A scaler shifts and stretches each pixel: (x - mean) / spread.
type scaler struct{ mean, spread [pixels]float64 }

// unitScaler brings pixels from 0..16 to 0..1. White stays 0, which training
// skips: it is about twice as fast as with standardized pixels.
func unitScaler() scaler {
	var s scaler
	for i := range s.spread {
		s.spread[i] = black
	}
	return s
}

// standardScaler brings each pixel to mean 0 and variance 1 over the images. A
// pixel that is the same in all of them is only shifted.
func standardScaler(images [][]float64) scaler {
	var s scaler
	n := float64(len(images))
	for _, image := range images {
		for i, v := range image {
			s.mean[i] += v / n
		}
	}
	for _, image := range images {
		for i, v := range image {
			s.spread[i] += (v - s.mean[i]) * (v - s.mean[i]) / n
		}
	}
	for i, variance := range s.spread {
		s.spread[i] = math.Sqrt(variance)
		if s.spread[i] < 1e-12 {
			s.spread[i] = 1
		}
	}
	return s
}

// apply returns the data with scaled copies of its images.
func (s scaler) apply(d dataset) dataset {
	scaled := dataset{digits: d.digits}
	for _, image := range d.images {
		row := make([]float64, pixels)
		for i, v := range image {
			row[i] = (v - s.mean[i]) / s.spread[i]
		}
		scaled.images = append(scaled.images, row)
	}
	return scaled
}
