"""Korean: 2018년 6월 12일."""

DATE_FORMAT = "Y년 n월 j일"
SHORT_DATE_FORMAT = "Y년 n월 j일"
DATETIME_FORMAT = "Y년 n월 j일 H:i"
SHORT_DATETIME_FORMAT = "Y년 n월 j일 H:i"
TIME_FORMAT = "H:i"
