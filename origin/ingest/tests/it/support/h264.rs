/// The fields of a sequence parameter set that say how large a picture is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sps {
    pub(crate) profile: u8,
    /// Written for profile 100 and above.
    pub(crate) chroma_format: u32,
    pub(crate) width_mbs: u32,
    pub(crate) height_map_units: u32,
    pub(crate) interlaced: bool,
    /// Left, right, top and bottom, in crop units.
    pub(crate) crop: Option<[u32; 4]>,
    pub(crate) scaling_lists: bool,
    pub(crate) order_count_type: u32,
}

impl Sps {
    /// 640x360 in the baseline profile.
    pub(crate) const SMALL: Self = Self {
        profile: 66,
        chroma_format: 1,
        width_mbs: 40,
        height_map_units: 23,
        interlaced: false,
        crop: Some([0, 0, 0, 4]),
        scaling_lists: false,
        order_count_type: 2,
    };

    /// The NAL unit, with emulation prevention.
    pub(crate) fn nal_unit(&self) -> Vec<u8> {
        let mut bits = Bits(Vec::new());
        bits.put(u32::from(self.profile), 8);
        bits.put(0xC01E, 16);
        bits.ue(0);
        if self.profile >= 100 {
            bits.ue(self.chroma_format);
            if self.chroma_format == 3 {
                bits.put(0, 1);
            }
            bits.ue(0);
            bits.ue(0);
            bits.put(0, 1);
            bits.put(u32::from(self.scaling_lists), 1);
            if self.scaling_lists {
                // A first list that falls to zero at once, a second of sixteen steps, no others.
                bits.put(1, 1);
                bits.se(-8);
                bits.put(1, 1);
                for _ in 0..16 {
                    bits.se(1);
                }
                bits.put(0, if self.chroma_format == 3 { 10 } else { 6 });
            }
        }
        bits.ue(0);
        bits.ue(self.order_count_type);
        match self.order_count_type {
            0 => bits.ue(4),
            1 => {
                bits.put(0, 1);
                bits.se(-3);
                bits.se(70_000);
                bits.ue(2);
                bits.se(1);
                bits.se(-1);
            }
            _ => {}
        }
        bits.ue(1);
        bits.put(0, 1);
        bits.ue(self.width_mbs - 1);
        bits.ue(self.height_map_units - 1);
        bits.put(u32::from(!self.interlaced), 1);
        if self.interlaced {
            bits.put(0, 1);
        }
        bits.put(1, 1);
        bits.put(u32::from(self.crop.is_some()), 1);
        for side in self.crop.into_iter().flatten() {
            bits.ue(side);
        }
        bits.put(0, 1); // no VUI
        bits.put(1, 1); // stop bit
        let mut unit = vec![0x67];
        let mut zeros = 0;
        for byte in bits.bytes() {
            if zeros == 2 && byte <= 3 {
                unit.push(3);
                zeros = 0;
            }
            unit.push(byte);
            zeros = if byte == 0 { zeros + 1 } else { 0 };
        }
        unit
    }
}

/// An `AVCDecoderConfigurationRecord` around a sequence parameter set.
pub(crate) fn avc_record(sps: &[u8]) -> Vec<u8> {
    let mut record = vec![1, 66, 0xC0, 30, 0xFF, 0xE1];
    record.extend(u16::try_from(sps.len()).unwrap().to_be_bytes());
    record.extend(sps);
    record.extend([1, 0, 4, 0x68, 0xCE, 0x3C, 0x80]);
    record
}

/// A NAL unit after its length.
pub(crate) fn nal(unit: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(unit.len()).unwrap().to_be_bytes().to_vec();
    bytes.extend(unit);
    bytes
}

struct Bits(Vec<bool>);

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        self.0.extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
    }

    fn ue(&mut self, value: u32) {
        let code = u64::from(value) + 1;
        let len = 64 - code.leading_zeros();
        self.0.extend(vec![false; usize::try_from(len).unwrap() - 1]);
        self.0.extend((0..len).rev().map(|bit| code >> bit & 1 == 1));
    }

    fn se(&mut self, value: i32) {
        self.ue(if value > 0 { 2 * value.unsigned_abs() - 1 } else { 2 * value.unsigned_abs() });
    }

    fn bytes(&self) -> Vec<u8> {
        self.0
            .chunks(8)
            .map(|bits| bits.iter().enumerate().fold(0, |byte, (at, bit)| byte | u8::from(*bit) << (7 - at)))
            .collect()
    }
}
