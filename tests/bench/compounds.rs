//! The sample town's waste items, made as many as the longest list known has.

use std::error::Error;

use domain::garbage::waste::WasteItem;

/// What a list says of a thing when it says more: 傘の骨, 傘（木製）.
const COMPOUNDS: &[(&str, &str, &str)] = &[
    ("（木製）", "（もくせい）", "(wooden)"),
    ("（金属製）", "（きんぞくせい）", "(metal)"),
    ("（プラスチック製）", "（ぷらすちっくせい）", "(plastic)"),
    ("のケース", "のけーす", "case"),
    ("の部品", "のぶひん", "parts"),
    ("のカバー（布製）", "のかばー（ぬのせい）", "cover (cloth)"),
    ("の包み紙", "のつつみがみ", "wrapping"),
];

/// The list and its compounds, up to this many.
pub(crate) fn lengthen(items: &[WasteItem], most: usize) -> Result<Vec<WasteItem>, Box<dyn Error>> {
    let mut long = items.to_vec();
    for (name, reading, name_en) in COMPOUNDS {
        for base in items {
            long.push(WasteItem {
                id: format!("item-{}", long.len()).parse()?,
                name: format!("{}{name}", base.name),
                reading: format!("{}{reading}", base.reading),
                aliases: Vec::new(),
                name_en: format!("{} {name_en}", base.name_en),
                ..base.clone()
            });
        }
    }
    long.truncate(most);
    Ok(long)
}
