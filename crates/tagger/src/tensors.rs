//! What is in a file of weights, and has it the shape that is needed?

use crate::Error;
use crate::encoder::{HIDDEN, Vector};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

/// A file of named tensors, read with distrust.
#[derive(Debug)]
pub struct Tensors<'a> {
    file: SafeTensors<'a>,
    card: Option<String>,
}

impl<'a> Tensors<'a> {
    /// Reads the head of a file, which tells what it holds.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Error> {
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|source| Error::File { source })?;
        let card = metadata.metadata().as_ref().and_then(|entries| entries.get("headwater").cloned());
        let file = SafeTensors::deserialize(bytes).map_err(|source| Error::File { source })?;
        Ok(Self { file, card })
    }

    /// The model's description of itself, if the file has one.
    pub fn card(&self) -> Option<&str> {
        self.card.as_deref()
    }

    fn tensor(&self, name: &str, dtype: Dtype, shape: &[usize]) -> Result<TensorView<'a>, Error> {
        let missing = |_| Error::NoTensor { name: name.to_owned() };
        let tensor = self.file.tensor(name).map_err(missing)?;
        if tensor.dtype() != dtype || tensor.shape() != shape {
            return Err(Error::Shape {
                name: name.to_owned(),
                found: format!("{:?} {:?}", tensor.dtype(), tensor.shape()),
                needed: format!("{dtype:?} {shape:?}"),
            });
        }
        Ok(tensor)
    }

    /// Returns the numbers of a tensor, all finite.
    pub fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error> {
        let tensor = self.tensor(name, Dtype::F32, shape)?;
        let (quads, _) = tensor.data().as_chunks::<4>();
        let numbers: Vec<f32> = quads.iter().map(|quad| f32::from_le_bytes(*quad)).collect();
        if numbers.iter().all(|number| number.is_finite()) {
            Ok(numbers)
        } else {
            Err(Error::NotFinite { name: name.to_owned() })
        }
    }

    /// Returns one row as wide as the network.
    pub fn vector(&self, name: &str) -> Result<Vector, Error> {
        let numbers = self.floats(name, &[HIDDEN])?;
        let mut vector = [0.0; HIDDEN];
        vector.copy_from_slice(&numbers);
        Ok(vector)
    }

    /// Returns rows as wide as the network.
    pub fn vectors(&self, name: &str, rows: usize) -> Result<Vec<Vector>, Error> {
        Ok(self.floats(name, &[rows, HIDDEN])?.as_chunks().0.to_vec())
    }

    /// Returns the integers of a matrix, row by row.
    pub fn integers(&self, name: &str, rows: usize, columns: usize) -> Result<Vec<i8>, Error> {
        let tensor = self.tensor(name, Dtype::I8, &[rows, columns])?;
        Ok(tensor.data().iter().map(|byte| byte.cast_signed()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(numbers: [f32; 2]) -> Vec<u8> {
        let data: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        let tensor = TensorView::new(Dtype::F32, vec![2], &data).unwrap();
        safetensors::serialize([("bias", tensor)], None).unwrap()
    }

    #[test]
    fn tensors_come_as_they_were_written_and_only_in_the_shape_asked_for() {
        let file = file([1.5, -2.0]);
        let tensors = Tensors::read(&file).unwrap();
        assert_eq!(tensors.floats("bias", &[2]).unwrap(), [1.5, -2.0]);
        let error = |result: Result<Vec<f32>, Error>| result.unwrap_err().to_string();
        assert_eq!(
            error(tensors.floats("bias", &[1, 2])),
            "cannot use tensor bias: it is F32 [2] and not F32 [1, 2]"
        );
        assert_eq!(error(tensors.floats("gain", &[2])), "cannot use the model: tensor gain is missing");
        assert!(tensors.integers("bias", 1, 2).is_err() && tensors.card().is_none());
    }

    #[test]
    fn numbers_that_are_not_finite_are_refused() {
        for number in [f32::NAN, f32::INFINITY] {
            let file = file([0.0, number]);
            let error = Tensors::read(&file).unwrap().floats("bias", &[2]).unwrap_err();
            assert_eq!(error.to_string(), "cannot use tensor bias: a value is not a finite number");
        }
    }
}
