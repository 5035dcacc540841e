//! German number plates: the district, letters, a number.

/// Layouts of a district and one or two letters, one to four digits, and the letter of electric and historic vehicles.
macro_rules! plate_layouts {
    ($($letters:literal)*) => {
        &[$(
            (concat!($letters, "9"), 0.1),
            (concat!($letters, "99"), 0.1),
            (concat!($letters, "999"), 0.2),
            (concat!($letters, "9999"), 0.2),
            (concat!($letters, r"9\E"), 0.1),
            (concat!($letters, r"99\E"), 0.1),
            (concat!($letters, r"999\E"), 0.2),
            (concat!($letters, r"9999\E"), 0.2),
            (concat!($letters, r"9\H"), 0.1),
            (concat!($letters, r"99\H"), 0.1),
            (concat!($letters, r"999\H"), 0.2),
            (concat!($letters, r"9999\H"), 0.2),
        )*]
    };
}

/// How a plate is written.
pub(super) const LAYOUTS: &[(&str, f64)] = plate_layouts!(
    "A A " "AA A " "AAA A " "A AA " "AA AA " "AAA AA "
    "A-A " "AA-A " "AAA-A " "A-AA " "AA-AA " "AAA-AA "
    "A-A-" "AA-A-" "AAA-A-" "A-AA-" "AA-AA-" "AAA-AA-"
    "A A-" "AA A-" "AAA A-" "A AA-" "AA AA-" "AAA AA-"
    "A-A" "AA-A" "AAA-A" "A-AA" "AA-AA" "AAA-AA"
);

/// A district's code, one or two letters and a number that does not begin with a zero.
pub(super) fn is_plate(written: &[u8]) -> bool {
    let letters = written.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let is_district = |length: usize| {
        length <= 3 && str::from_utf8(&written[..length]).is_ok_and(|code| DISTRICTS.binary_search(&code).is_ok())
    };
    written[letters] != b'0'
        && (1..=2).any(|own| letters.checked_sub(own).is_some_and(|district| district > 0 && is_district(district)))
}

/// Districts whose code has no umlaut, sorted.
#[rustfmt::skip]
static DISTRICTS: &[&str] = &[
    "A", "AA", "AB", "ABG", "ABI", "AC", "AE", "AH", "AIB", "AIC", "AK", "ALF", "ALZ", "AM", "AN", "ANA", "ANG",
    "ANK", "AP", "APD", "ARN", "ART", "AS", "ASL", "ASZ", "AT", "AU", "AUR", "AW", "AZ", "AZE", "B", "BA", "BAD",
    "BAR", "BB", "BBG", "BBL", "BC", "BCH", "BD", "BE", "BED", "BER", "BF", "BGD", "BGL", "BH", "BI", "BID", "BIN",
    "BIR", "BIT", "BIW", "BK", "BKS", "BL", "BLB", "BLK", "BM", "BN", "BNA", "BO", "BOG", "BOH", "BOR", "BOT", "BP",
    "BR", "BRA", "BRB", "BRG", "BRK", "BRL", "BRV", "BS", "BSB", "BSK", "BT", "BTF", "BUL", "BW", "BWL", "BYL", "BZ",
    "BZA", "C", "CA", "CAS", "CB", "CE", "CHA", "CLP", "CLZ", "CO", "COC", "COE", "CR", "CUX", "CW", "D", "DA", "DAH",
    "DAN", "DAU", "DBR", "DD", "DE", "DEG", "DEL", "DGF", "DH", "DI", "DIL", "DIN", "DIZ", "DKB", "DL", "DLG", "DM",
    "DN", "DO", "DON", "DU", "DUD", "DW", "DZ", "E", "EA", "EB", "EBE", "EBN", "EBS", "ECK", "ED", "EE", "EF", "EG",
    "EH", "EI", "EIC", "EIL", "EIN", "EIS", "EL", "EM", "EMD", "EMS", "EN", "ER", "ERB", "ERH", "ERK", "ERZ", "ES",
    "ESB", "ESW", "EU", "EUT", "EW", "F", "FB", "FD", "FDB", "FDS", "FEU", "FF", "FFB", "FG", "FI", "FKB", "FL", "FN",
    "FO", "FOR", "FR", "FRG", "FRI", "FRW", "FS", "FT", "FTL", "FW", "FZ", "G", "GA", "GAN", "GAP", "GC", "GD", "GDB",
    "GE", "GEL", "GEM", "GEO", "GER", "GF", "GG", "GHA", "GHC", "GI", "GK", "GL", "GLA", "GM", "GMN", "GN", "GNT",
    "GOA", "GOH", "GP", "GR", "GRA", "GRH", "GRI", "GRM", "GRZ", "GS", "GT", "GTH", "GUB", "GUN", "GV", "GVM", "GW",
    "GZ", "H", "HA", "HAB", "HAL", "HAM", "HAS", "HB", "HBN", "HBS", "HC", "HCH", "HD", "HDH", "HDL", "HE", "HEB",
    "HEF", "HEI", "HEL", "HER", "HET", "HF", "HG", "HGN", "HGW", "HH", "HHM", "HI", "HIG", "HIP", "HK", "HL", "HM",
    "HN", "HO", "HOG", "HOH", "HOL", "HOM", "HOR", "HOT", "HP", "HR", "HRO", "HS", "HSK", "HST", "HU", "HUS", "HV",
    "HVL", "HW", "HWI", "HX", "HY", "HZ", "IGB", "IK", "IL", "ILL", "IN", "IZ", "J", "JE", "JL", "K", "KA", "KB",
    "KC", "KE", "KEH", "KEL", "KEM", "KF", "KG", "KH", "KI", "KIB", "KK", "KL", "KLE", "KLZ", "KM", "KN", "KO", "KR",
    "KRU", "KS", "KT", "KU", "KUS", "KW", "KY", "KYF", "L", "LA", "LAN", "LAU", "LB", "LBS", "LBZ", "LC", "LD", "LDK",
    "LDS", "LEO", "LER", "LEV", "LF", "LG", "LH", "LI", "LIB", "LIF", "LIP", "LL", "LM", "LN", "LOS", "LP", "LR",
    "LRO", "LSA", "LSN", "LSZ", "LU", "LUK", "LUP", "LWL", "M", "MA", "MAB", "MAI", "MAK", "MAL", "MB", "MC", "MD",
    "ME", "MED", "MEG", "MEI", "MEK", "MEL", "MER", "MET", "MG", "MGH", "MGN", "MH", "MHL", "MI", "MIL", "MK", "MKK",
    "ML", "MM", "MN", "MO", "MOD", "MOL", "MON", "MOS", "MQ", "MR", "MS", "MSE", "MSH", "MSP", "MST", "MTK", "MTL",
    "MVL", "MW", "MY", "MYK", "MZ", "MZG", "N", "NAB", "NAI", "NAU", "NB", "ND", "NDH", "NE", "NEA", "NEB", "NEC",
    "NEN", "NES", "NEW", "NF", "NH", "NI", "NK", "NL", "NM", "NMB", "NMS", "NOH", "NOL", "NOM", "NOR", "NP", "NR",
    "NRW", "NT", "NU", "NVP", "NW", "NWM", "NY", "NZ", "OA", "OAL", "OB", "OBB", "OBG", "OC", "OCH", "OD", "OE", "OF",
    "OG", "OH", "OHA", "OHV", "OHZ", "OK", "OL", "OP", "OPR", "OR", "OS", "OSL", "OTW", "OVI", "OVL", "OVP", "OZ",
    "P", "PA", "PAF", "PAN", "PAR", "PB", "PCH", "PE", "PEG", "PF", "PI", "PIR", "PL", "PM", "PN", "PR", "PS", "PW",
    "PZ", "QFT", "QLB", "R", "RA", "RC", "RD", "RDG", "RE", "REG", "REH", "REI", "RG", "RH", "RI", "RID", "RIE", "RL",
    "RM", "RN", "RO", "ROD", "ROF", "ROH", "ROK", "ROL", "ROS", "ROT", "ROW", "RP", "RS", "RSL", "RT", "RU", "RV",
    "RW", "RY", "RZ", "S", "SAB", "SAD", "SAL", "SAN", "SAW", "SB", "SBG", "SBK", "SC", "SCZ", "SDH", "SDL", "SDT",
    "SE", "SEB", "SEE", "SEF", "SEL", "SFA", "SFB", "SFT", "SG", "SGH", "SH", "SHA", "SHG", "SHK", "SHL", "SI", "SIG",
    "SIM", "SK", "SL", "SLE", "SLF", "SLG", "SLK", "SLN", "SLS", "SLZ", "SM", "SN", "SNH", "SO", "SOB", "SOG", "SOK",
    "SON", "SP", "SPB", "SPN", "SR", "SRB", "SRO", "ST", "STA", "STB", "STD", "STE", "STH", "STL", "STO", "SU", "SUL",
    "SW", "SWA", "SY", "SZ", "SZB", "TBB", "TDO", "TE", "TET", "TF", "TG", "THL", "THW", "TIR", "TO", "TP", "TR",
    "TS", "TT", "TUT", "UE", "UEM", "UER", "UFF", "UH", "UL", "UM", "UN", "USI", "V", "VAI", "VB", "VEC", "VER", "VG",
    "VIB", "VIE", "VIT", "VK", "VL", "VOH", "VR", "VS", "W", "WA", "WAF", "WAK", "WAN", "WAR", "WAT", "WB", "WBS",
    "WDA", "WE", "WEB", "WEG", "WEL", "WEM", "WEN", "WER", "WES", "WF", "WG", "WHV", "WI", "WIL", "WIS", "WIT", "WIZ",
    "WK", "WL", "WLG", "WM", "WMS", "WN", "WND", "WO", "WOB", "WOH", "WOL", "WOR", "WOS", "WR", "WRN", "WS", "WSF",
    "WST", "WSW", "WT", "WTL", "WTM", "WUG", "WUN", "WUR", "WW", "WZ", "WZL", "Y", "Z", "ZE", "ZEL", "ZI", "ZIG",
    "ZP", "ZR", "ZW", "ZZ",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_districts_are_sorted() {
        assert!(DISTRICTS.is_sorted());
    }
}
