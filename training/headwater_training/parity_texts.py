"""Own sentences on which other programs are checked against this one."""

PARITY_TEXTS = [
    "Gunmen killed at least 12 people in an attack on a market in Bama on Tuesday, a police spokesman said.",
    "The River Front denied responsibility for the blast, while the army's commander, Col. Édouard N'Diaye, "
    "accused it of planting the bomb.",
    "No one was hurt. Officials say they may lift the curfew tomorrow if talks with protesters succeed.",
    'COLONEL OF THE 3RD BRIGADE: "WE WILL NOT WITHDRAW."',
    "a car bomb planned for the embassy was found and made safe",
    "Striker Ana Veldt shot twice and the visitors were crushed 4-0.",
]
